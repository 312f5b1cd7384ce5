import type { JsonObject } from '@smcp/protocol';
import {
  assignNames,
  PROMPTS,
  TEMPLATES,
  TOOLS,
  type Catalog,
  type ListKind,
  type Listing,
} from '../catalog/index.ts';
import type { Caller, Gate, Route, ServerEntry } from '../gate/index.ts';
import type { Logger } from '../telemetry/telemetry.ts';
import type { ServerDescription } from '../upstream/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import { isListed } from './listed.ts';
import { offeredCapabilities, type Declared } from './offered-capabilities.ts';
import { assignUris, templateServer } from './resource-uris.ts';
import type { Target, View, ViewDescription, ViewList } from './view.ts';
import { reasonOf } from '../lib/reason-of.ts';

/** A server that is slower than this to start is left out for now; the list is announced as changed once it has come. */
const PATIENCE_MS = 10_000;
const MAX_TABLES = 256;
const ANY_LIST: Declared = Object.freeze({
  era: 'handshake',
  capabilities: { tools: {}, prompts: {}, resources: {} },
});

export interface AggregateOptions {
  readonly gate: Gate;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly info: { readonly name: string; readonly version: string };
  readonly logger: Logger;
  readonly onLate: (server: string, kind: ListKind) => void;
}

interface Part {
  readonly server: string;
  readonly listing: Listing;
}

interface ListedPart extends Part {
  /** For how long the server calls it fresh. */
  readonly ttlMs: number;
}

/** All servers at one endpoint. Public names come from a table made of what the servers list, and are looked up in it, never taken apart. */
export class AggregateView implements View {
  readonly joinsServers = true;
  readonly #options: AggregateOptions;
  readonly #tables = new Map<string, ReadonlyMap<string, Target>>();
  /** Catalogues that somebody has waited for in vain, until they come. */
  readonly #late = new Map<ListKind, Set<Catalog>>();

  constructor(options: AggregateOptions) {
    this.#options = options;
  }

  /** The endpoint of all servers is there for everybody; it may be empty. */
  isOpenTo(): boolean {
    return true;
  }

  async describe(caller: Caller): Promise<ViewDescription> {
    const described = await this.#each(caller, TOOLS, async ({ upstream }) => await upstream.describe());
    const declared = described.map(({ value }) => value);
    // What a server offers that has not come yet is not known, and a client asks for nothing that was not offered to it now.
    const isWhole = described.length === this.#reachable(caller).length;
    return {
      capabilities: offeredCapabilities(isWhole ? declared : [...declared, ANY_LIST]),
      serverInfo: { ...this.#options.info, title: 'SMCP gateway' },
      instructions: mergeInstructions(described),
      isWhole,
    };
  }

  async list(kind: ListKind, caller: Caller): Promise<ViewList> {
    const parts = await this.#parts(kind, caller);
    const isWhole = parts.length > 0 && parts.length === this.#reachable(caller).length;
    return {
      items: this.#visible(kind, parts, caller),
      ttlMs: isWhole ? Math.min(...parts.map(({ ttlMs }) => ttlMs)) : 0,
    };
  }

  fingerprint(kind: ListKind, caller: Caller): string | undefined {
    const { parts, missing } = this.#known(kind, caller);
    if (missing.length > 0) {
      return undefined;
    }
    const names = this.#visible(kind, parts, caller).map((item) => item[kind.key]);
    return fingerprintOf(
      parts.map(({ server, listing }) => [server, listing.version]),
      names,
    );
  }

  async resolve(kind: ListKind, publicName: string, caller: Caller): Promise<Target | undefined> {
    const { parts: known, missing } = this.#known(kind, caller);
    const sure = missing.length === 0 ? undefined : this.#ifSure(kind, known, missing, publicName);
    if (sure !== undefined) {
      return sure;
    }
    const parts = missing.length === 0 ? known : await this.#parts(kind, caller);
    const target = this.#table(kind, parts).get(publicName);
    if (target !== undefined || kind === TOOLS || kind === PROMPTS) {
      return target;
    }
    const server = templateServer(await this.#parts(TEMPLATES, caller), publicName);
    return server === undefined ? undefined : { server, name: publicName };
  }

  #visible(kind: ListKind, parts: readonly Part[], { principal }: Caller): JsonObject[] {
    const listings = new Map(parts.map(({ server, listing }) => [server, listing]));
    const items: JsonObject[] = [];
    for (const [publicName, target] of this.#table(kind, parts)) {
      const item = listings.get(target.server)?.byKey.get(target.name);
      if (item !== undefined && isListed(this.#options.gate, principal, kind, target)) {
        items.push({ ...item, [kind.key]: publicName });
      }
    }
    return items;
  }

  /** What is known already of what all servers list, and the servers of which nothing is. */
  #known(
    kind: ListKind,
    caller: Caller,
  ): { readonly parts: readonly Part[]; readonly missing: readonly string[] } {
    const parts: Part[] = [];
    const missing: string[] = [];
    for (const [server, entry] of this.#reachable(caller)) {
      const listing = entry.catalogFor(caller)?.peek(kind);
      if (listing === undefined) {
        missing.push(server);
      } else {
        parts.push({ server, listing });
      }
    }
    return { parts, missing };
  }

  /** Where a plain name leads that no missing server can claim, so that a call need not wait for a server that it does not concern. */
  #ifSure(
    kind: ListKind,
    parts: readonly Part[],
    missing: readonly string[],
    publicName: string,
  ): Target | undefined {
    if (kind !== TOOLS && kind !== PROMPTS) {
      return undefined;
    }
    const target = this.#table(kind, parts).get(publicName);
    const isPlain = target !== undefined && publicName === `${target.server}_${target.name}`;
    return isPlain && !missing.some((server) => publicName.startsWith(`${server}_`)) ? target : undefined;
  }

  /** A server at which the caller may do nothing is neither started nor listed for it. */
  #reachable({ principal }: Caller): readonly (readonly [string, ServerEntry])[] {
    const { gate, servers } = this.#options;
    return [...servers].filter(([server]) => gate.mayReach(principal, server));
  }

  async #parts(kind: ListKind, caller: Caller): Promise<readonly ListedPart[]> {
    const found = await this.#each(caller, kind, async ({ upstream, catalog }) => {
      const listing = await catalog.get(kind, upstream);
      return { listing, ttlMs: catalog.remainingTtlMs(kind) };
    });
    return found.map(({ server, value }) => ({ server, ...value }));
  }

  #table(kind: ListKind, parts: readonly Part[]): ReadonlyMap<string, Target> {
    const key = `${kind.method} ${parts.map(({ listing }) => listing.version).join(' ')}`;
    const known = this.#tables.get(key);
    if (known !== undefined) {
      return known;
    }
    const targets = parts.flatMap(({ server, listing }) =>
      [...listing.byKey.keys()].map((name) => ({ server, name })),
    );
    const made = kind === TOOLS || kind === PROMPTS ? assignNames(targets) : assignUris(targets);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size >= MAX_TABLES && oldest !== undefined) {
      this.#tables.delete(oldest);
    }
    this.#tables.set(key, made);
    return made;
  }

  /** Asks every server at the same time. One that fails or is slow is left out; the others do not wait for it. */
  async #each<T>(
    caller: Caller,
    kind: ListKind,
    ask: (route: Route) => Promise<T>,
  ): Promise<readonly { readonly server: string; readonly value: T }[]> {
    const { logger, onLate } = this.#options;
    const asked = this.#reachable(caller).map(async ([server, entry]) => {
      const result = entry.route(caller);
      if (!result.ok) {
        return undefined;
      }
      let late = false;
      const answer = ask(result.route).then(
        (value) => {
          if (late && this.#late.get(kind)?.delete(result.route.catalog) === true) {
            onLate(server, kind);
          }
          return { server, value };
        },
        (error: unknown) => {
          this.#late.get(kind)?.delete(result.route.catalog);
          logger.warn('server left out of the list', { server, reason: reasonOf(error) });
          return undefined;
        },
      );
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => {
          late = true;
          this.#late.set(kind, (this.#late.get(kind) ?? new Set()).add(result.route.catalog));
          resolve(undefined);
        }, PATIENCE_MS);
      });
      try {
        return await Promise.race([answer, patience]);
      } finally {
        clearTimeout(timer);
      }
    });
    return (await Promise.all(asked)).filter((part) => part !== undefined);
  }
}

function mergeInstructions(
  described: readonly { readonly server: string; readonly value: ServerDescription }[],
): string | undefined {
  const parts = described.flatMap(({ server, value }) =>
    value.instructions === undefined ? [] : [`## ${server}\n\n${value.instructions}`],
  );
  return parts.length === 0 ? undefined : parts.join('\n\n');
}
