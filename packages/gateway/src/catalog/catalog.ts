import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { listAll, LIST_KINDS, type ListKind } from './list-all.ts';
import type { Upstream } from '../upstream/index.ts';

const NO_SIGNAL_TTL_MS = 5 * 60_000;
const MISS_REFRESH_MS = 5000;

/** Everything a server offers of one kind: definitions as the server gave them, in its order, and the same by name or URI. */
export interface Listing {
  readonly items: readonly JsonObject[];
  readonly byKey: ReadonlyMap<string, JsonObject>;
  /** Differs whenever the items may differ. */
  readonly version: number;
}

/**
 * What one server offers to one partition of callers. Lists are fetched once and kept until the server says that they changed, starts anew, or,
 * when it cannot say so, for five minutes. Callers that ask at the same time share one fetch.
 */
export class Catalog {
  static #versions = 0;
  readonly #now: () => number;
  readonly #kept = new Map<
    ListKind,
    { readonly listing: Listing; readonly expiresAt: number; readonly fetchedAt: number }
  >();
  readonly #fetching = new Map<ListKind, Promise<Listing>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async get(kind: ListKind, upstream: Upstream): Promise<Listing> {
    const kept = this.peek(kind);
    return kept ?? (await this.#fetch(kind, upstream));
  }

  /** What is known now, without asking. */
  peek(kind: ListKind): Listing | undefined {
    const kept = this.#kept.get(kind);
    return kept !== undefined && kept.expiresAt > this.#now() ? kept.listing : undefined;
  }

  /** Like `get`, but asks again, at most every five seconds, when `key` is not known: a server may have added it silently. */
  async find(kind: ListKind, key: string, upstream: Upstream): Promise<JsonObject | undefined> {
    const found = (await this.get(kind, upstream)).byKey.get(key);
    if (found !== undefined) {
      return found;
    }
    const kept = this.#kept.get(kind);
    if (kept !== undefined && this.#now() - kept.fetchedAt < MISS_REFRESH_MS) {
      return undefined;
    }
    return (await this.#fetch(kind, upstream)).byKey.get(key);
  }

  /** Forgets what is known of `kind`, or everything. */
  invalidate(kind?: ListKind): void {
    if (kind === undefined) {
      this.#kept.clear();
      this.#fetching.clear();
    } else {
      this.#kept.delete(kind);
      this.#fetching.delete(kind);
    }
  }

  /** Forgets what a `list_changed` notification speaks of. Returns the lists concerned. */
  invalidateChanged(method: string): readonly ListKind[] {
    const concerned = LIST_KINDS.filter((kind) => kind.changed === method);
    for (const kind of concerned) {
      this.invalidate(kind);
    }
    return concerned;
  }

  async #fetch(kind: ListKind, upstream: Upstream): Promise<Listing> {
    // A server that starts makes its owner forget everything, so it has to have started before a fetch whose result is to be kept.
    const { capabilities } = await upstream.describe();
    const running = this.#fetching.get(kind);
    if (running !== undefined) {
      return await running;
    }
    const fetching = this.#load(kind, capabilities, upstream);
    this.#fetching.set(kind, fetching);
    try {
      const listing = await fetching;
      // An invalidation during the fetch has removed it; its result may be old and is used only by who waited for it.
      if (this.#fetching.get(kind) === fetching) {
        const fetchedAt = this.#now();
        this.#kept.set(kind, {
          listing,
          fetchedAt,
          expiresAt: announces(kind, capabilities) ? Infinity : fetchedAt + NO_SIGNAL_TTL_MS,
        });
      }
      return listing;
    } finally {
      if (this.#fetching.get(kind) === fetching) {
        this.#fetching.delete(kind);
      }
    }
  }

  async #load(kind: ListKind, capabilities: JsonObject, upstream: Upstream): Promise<Listing> {
    const { items, byKey } = await listAll(kind, capabilities, upstream, this.#now);
    Catalog.#versions += 1;
    return Object.freeze({ items, byKey, version: Catalog.#versions });
  }
}

/** Whether the server promises to say when this list changes. */
function announces(kind: ListKind, capabilities: JsonObject): boolean {
  const capability = capabilities[kind.capability];
  return isJsonObject(capability) && capability['listChanged'] === true;
}
