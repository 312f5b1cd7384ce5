import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../catalog/index.ts';
import type { Caller, Gate, Route, ServerEntry } from '../gate/index.ts';
import { UpstreamError } from '../upstream/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import { isListed } from './listed.ts';
import { offeredCapabilities } from './offered-capabilities.ts';
import type { Target, View, ViewDescription, ViewList } from './view.ts';

/** One server with its own names. */
export class SingleView implements View {
  readonly joinsServers = false;
  readonly #gate: Gate;
  readonly #server: ServerEntry;

  constructor(gate: Gate, server: ServerEntry) {
    this.#gate = gate;
    this.#server = server;
  }

  isOpenTo(principal: Principal): boolean {
    return this.#gate.mayReach(principal, this.#server.name);
  }

  async describe(caller: Caller): Promise<ViewDescription> {
    const described = await this.#route(caller).upstream.describe();
    const { serverInfo, instructions } = described;
    return { capabilities: offeredCapabilities([described]), serverInfo, instructions, isWhole: true };
  }

  async list(kind: ListKind, caller: Caller): Promise<ViewList> {
    const { catalog, upstream } = this.#route(caller);
    const { byKey } = await catalog.get(kind, upstream);
    return {
      items: this.#visible(kind, byKey, caller).map(([, item]) => item),
      ttlMs: catalog.remainingTtlMs(kind),
    };
  }

  fingerprint(kind: ListKind, caller: Caller): string | undefined {
    const listing = this.#server.catalogFor(caller)?.peek(kind);
    return listing === undefined
      ? undefined
      : fingerprintOf(
          listing.version,
          this.#visible(kind, listing.byKey, caller).map(([name]) => name),
        );
  }

  async resolve(_kind: ListKind, publicName: string): Promise<Target | undefined> {
    return { server: this.#server.name, name: publicName };
  }

  #visible(
    kind: ListKind,
    byKey: ReadonlyMap<string, JsonObject>,
    { principal }: Caller,
  ): readonly (readonly [string, JsonObject])[] {
    const server = this.#server.name;
    return [...byKey].filter(
      ([name]) => this.#server.offers(name) && isListed(this.#gate, principal, kind, { server, name }),
    );
  }

  #route(caller: Caller): Route {
    const result = this.#server.route(caller);
    if (!result.ok) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', result.message);
    }
    return result.route;
  }
}
