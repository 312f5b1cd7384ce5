import type { JsonObject } from '@smcp/protocol';
import type { ServerDescription, Upstream } from '../upstream/index.ts';
import type { DefinitionFilter } from './definition-filter.ts';
import { listAll, LIST_KINDS, type ListKind } from './list-all.ts';
import { announcesChanges, keepForMs, type CacheHints } from './list-lifetime.ts';

const MISS_REFRESH_MS = 5000;
/** A name that is not known makes us ask at most so often when the server has said meanwhile that the list changed. */
const CHANGED_MISS_REFRESH_MS = 1000;

/** Everything a server offers of one kind: definitions in its order, and the same by name or URI. What is withheld is not among them. */
export interface Listing extends CacheHints {
  readonly items: readonly JsonObject[];
  readonly byKey: ReadonlyMap<string, JsonObject>;
  /** How many items the server listed that are not offered, because an operator has to look at them first. */
  readonly withheld: number;
  /** Differs whenever the items may differ. */
  readonly version: number;
  /** Monotonic milliseconds at which the server had answered. */
  readonly fetchedAt: number;
}

interface Kept {
  readonly listing: Listing;
  readonly expiresAt: number;
}

/**
 * What one server offers to one partition of callers. Lists are fetched once and kept until the server says that they changed, starts anew, or the
 * time is over that `keepForMs` gives. Callers that ask at the same time share one fetch. A filter, when there is one, sees every list before it is
 * kept or given to anybody.
 */
export class Catalog {
  static #versions = 0;
  readonly #now: () => number;
  readonly #kept = new Map<ListKind, Kept>();
  readonly #fetching = new Map<ListKind, Promise<Listing>>();
  /** Lists of which the server has said that they changed, and that may be given out a little longer. */
  readonly #changed = new Set<ListKind>();
  readonly #missFetchedAt = new Map<ListKind, number>();
  #filter: DefinitionFilter | undefined;

  constructor(now: () => number, filter?: DefinitionFilter) {
    this.#now = now;
    this.#filter = filter;
  }

  /** Takes over another filter; what an earlier one let through is forgotten if this one may decide in another way. */
  useFilter(filter: DefinitionFilter | undefined): void {
    const before = this.#filter?.settings;
    this.#filter = filter;
    if (before !== filter?.settings) {
      this.invalidate();
    }
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

  /**
   * Like `get`, but asks again when `key` is not known, for a server may have added it silently: at most every five seconds, or every second when
   * the server has said that something changed.
   */
  async find(kind: ListKind, key: string, upstream: Upstream): Promise<JsonObject | undefined> {
    const found = (await this.get(kind, upstream)).byKey.get(key);
    if (found !== undefined || !this.#mayAskForMissing(kind)) {
      return found;
    }
    return (await this.#fetch(kind, upstream)).byKey.get(key);
  }

  /**
   * For how many milliseconds what is known may still be called fresh, as the server's own `ttlMs` says. 0 when the server said nothing, when it has
   * said since that the list changed, and when nothing is known.
   */
  remainingTtlMs(kind: ListKind): number {
    const listing = this.peek(kind);
    if (listing?.ttlMs === undefined || this.#changed.has(kind)) {
      return 0;
    }
    return Math.max(0, listing.fetchedAt + listing.ttlMs - this.#now());
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

  /**
   * Notes that the server said that a list changed; what is known is given out until it is invalidated, which the owner does soon after. Returns
   * whether the notification speaks of a list.
   */
  markChanged(method: string): boolean {
    const concerned = LIST_KINDS.filter((kind) => kind.changed === method);
    for (const kind of concerned) {
      this.#changed.add(kind);
    }
    return concerned.length > 0;
  }

  #mayAskForMissing(kind: ListKind): boolean {
    const now = this.#now();
    const fetchedAt = this.#kept.get(kind)?.listing.fetchedAt ?? -Infinity;
    const asksAfterChange =
      this.#changed.has(kind) &&
      now - (this.#missFetchedAt.get(kind) ?? -Infinity) >= CHANGED_MISS_REFRESH_MS;
    if (!asksAfterChange && now - fetchedAt < MISS_REFRESH_MS) {
      return false;
    }
    this.#missFetchedAt.set(kind, now);
    return true;
  }

  async #fetch(kind: ListKind, upstream: Upstream): Promise<Listing> {
    // A server that starts makes its owner forget everything, so it has to have started before a fetch whose result is to be kept.
    const description = await upstream.describe();
    const running = this.#fetching.get(kind);
    if (running !== undefined) {
      return await running;
    }
    const fetching = this.#load(kind, description, upstream);
    this.#fetching.set(kind, fetching);
    try {
      const listing = await fetching;
      // An invalidation during the fetch has removed it; its result may be old and is used only by who waited for it.
      if (this.#fetching.get(kind) === fetching) {
        const keepMs = keepForMs(listing.ttlMs, announcesChanges(kind, description.capabilities));
        this.#kept.set(kind, { listing, expiresAt: listing.fetchedAt + keepMs });
      }
      return listing;
    } finally {
      if (this.#fetching.get(kind) === fetching) {
        this.#fetching.delete(kind);
      }
    }
  }

  async #load(kind: ListKind, description: ServerDescription, upstream: Upstream): Promise<Listing> {
    this.#changed.delete(kind);
    const listed = await listAll(kind, description.capabilities, upstream, this.#now);
    const fetchedAt = this.#now();
    const byKey = (await this.#filter?.filter(kind, listed.byKey, description, this)) ?? listed.byKey;
    Catalog.#versions += 1;
    return Object.freeze({
      items: [...byKey.values()],
      byKey,
      withheld: listed.byKey.size - byKey.size,
      version: Catalog.#versions,
      ttlMs: listed.ttlMs,
      cacheScope: listed.cacheScope,
      fetchedAt,
    });
  }
}
