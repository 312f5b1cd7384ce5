import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../catalog/index.ts';
import type { Caller } from '../gate/index.ts';

/** Where a public name or URI leads: the server, and the name by which that server knows it. */
export interface Target {
  readonly server: string;
  readonly name: string;
}

/** What an endpoint says of itself in the handshake. */
export interface ViewDescription {
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | undefined;
}

/**
 * What a caller sees at one endpoint. Lists hold only what policy lets this caller use, under public names, in a stable order. Resolving answers
 * for every name that exists, allowed or not: whether a call may be made is decided by the gate, at the call.
 */
export interface View {
  describe(caller: Caller): Promise<ViewDescription>;
  list(kind: ListKind, caller: Caller): Promise<readonly JsonObject[]>;
  resolve(kind: ListKind, publicName: string, caller: Caller): Promise<Target | undefined>;
  /** Whether the endpoint exists for this principal. */
  isOpenTo(principal: Principal): boolean;
}
