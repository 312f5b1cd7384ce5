import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../catalog/index.ts';
import type { Caller, Gate, Route, ServerEntry } from '../gate/index.ts';
import { UpstreamError } from '../upstream/index.ts';
import { isListed } from './listed.ts';
import { offeredCapabilities } from './offered-capabilities.ts';
import type { Target, View, ViewDescription } from './view.ts';

/** One server with its own names. */
export class SingleView implements View {
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
    const { capabilities, serverInfo, instructions } = await this.#route(caller).upstream.describe();
    return { capabilities: offeredCapabilities([capabilities]), serverInfo, instructions };
  }

  async list(kind: ListKind, caller: Caller): Promise<readonly JsonObject[]> {
    const { catalog, upstream } = this.#route(caller);
    const { byKey } = await catalog.get(kind, upstream);
    const server = this.#server.name;
    return [...byKey]
      .filter(([name]) => isListed(this.#gate, caller.principal, kind, { server, name }))
      .map(([, item]) => item);
  }

  async resolve(_kind: ListKind, publicName: string): Promise<Target | undefined> {
    return { server: this.#server.name, name: publicName };
  }

  #route(caller: Caller): Route {
    const result = this.#server.route(caller);
    if (!result.ok) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', result.message);
    }
    return result.route;
  }
}
