import { LIST_KINDS, TOOLS, PROMPTS, RESOURCES, TEMPLATES, type ListKind } from '../catalog/index.ts';
import { silentCaller } from '../door/mcp/caller.ts';
import { ifEndpoint, serverOf } from '../door/mcp/endpoint.ts';
import type { Hearer, Hearers } from '../door/mcp/hearing/hearer.ts';
import type { Gate } from '../gate/index.ts';
import type { View } from '../view/index.ts';

type HeardBy = Pick<Hearers, 'all'>;
type ViewOf = (server: string | undefined) => View | undefined;

/** Tells everybody who sees a server, and may reach it, that one of its lists has changed. */
export function tellListChanged(
  hearers: HeardBy,
  gate: Pick<Gate, 'mayReach'>,
  server: string,
  kind: ListKind,
): void {
  for (const hearer of hearers.all()) {
    const { endpoint, principalNow } = hearer;
    const shows = endpoint === '/mcp' || endpoint === `/mcp/${server}`;
    if (shows && gate.mayReach(principalNow, server)) {
      hearer.tellListChanged(kind);
    }
  }
}

/** Lists by the message that tells of them: resources and their templates change with one. */
const TOLD_TOGETHER: readonly (readonly ListKind[])[] = [[TOOLS], [PROMPTS], [RESOURCES, TEMPLATES]];

/** What everybody saw at one moment of the lists that it may know. */
export type SeenLists = ReadonlyMap<Hearer, ReadonlyMap<ListKind, string | undefined>>;

/** What everybody sees at this moment, as far as that can be told without asking any server. */
export function seenLists(hearers: HeardBy, viewOf: ViewOf): SeenLists {
  const fingerprints = new Fingerprints(viewOf);
  const seen = new Map<Hearer, ReadonlyMap<ListKind, string | undefined>>();
  for (const hearer of hearers.all()) {
    const kinds = LIST_KINDS.filter((kind) => hearer.hasListed(kind));
    seen.set(hearer, new Map(kinds.map((kind) => [kind, fingerprints.of(hearer, kind)])));
  }
  return seen;
}

/** Tells everybody of the lists that are no longer what they were `before`, and of those of which that cannot be told. */
export function tellDifferences(hearers: HeardBy, viewOf: ViewOf, before: SeenLists): void {
  const fingerprints = new Fingerprints(viewOf);
  for (const hearer of hearers.all()) {
    const had = before.get(hearer);
    const differs = (kind: ListKind): boolean => {
      if (had?.has(kind) !== true) {
        return false;
      }
      const now = fingerprints.of(hearer, kind);
      return now === undefined || now !== had.get(kind);
    };
    for (const kinds of TOLD_TOGETHER) {
      const changed = kinds.find(differs);
      if (changed !== undefined) {
        hearer.tellListChanged(changed);
      }
    }
  }
}

/** What hearers see. Those with equal roles at the same endpoint see the same, so that is found out once for all of them. */
class Fingerprints {
  readonly #viewOf: ViewOf;
  readonly #known = new Map<string, string | undefined>();

  constructor(viewOf: ViewOf) {
    this.#viewOf = viewOf;
  }

  of({ endpoint, principalNow }: Hearer, kind: ListKind): string | undefined {
    const find = (): string | undefined => {
      const place = ifEndpoint(endpoint);
      const view = place === undefined ? undefined : this.#viewOf(serverOf(place));
      return view?.fingerprint(kind, silentCaller(principalNow));
    };
    // What is delegated is cut down for this one principal.
    if (principalNow.delegation !== undefined) {
      return find();
    }
    const key = JSON.stringify([endpoint, kind.method, principalNow.roles]);
    if (!this.#known.has(key)) {
      this.#known.set(key, find());
    }
    return this.#known.get(key);
  }
}
