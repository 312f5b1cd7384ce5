import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../catalog/index.ts';
import type { Caller } from '../gate/index.ts';

/** Where a public name or URI leads: the server, and the name by which that server knows it. */
export interface Target {
  readonly server: string;
  readonly name: string;
}

/** What an endpoint says of itself. */
export interface ViewDescription {
  /** In the form of MCP 2026-07-28: `extensions` are those that the gateway can relay. */
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | undefined;
  /** False while a server has not come yet; it will offer more, or less. */
  readonly isWhole: boolean;
}

/** A list as one caller may see it; nobody else may be given it from a cache. */
export interface ViewList {
  readonly items: readonly JsonObject[];
  /** Milliseconds for which all servers call it fresh; 0 when one of them does not say. */
  readonly ttlMs: number;
}

/**
 * What a caller sees at one endpoint. Lists hold only what policy lets this caller use, under public names, in a stable order. Resolving answers
 * for every name that exists, allowed or not: whether a call may be made is decided by the gate, at the call.
 */
export interface View {
  /** Whether several servers look like one here, so that it has to be said whose something is. */
  readonly joinsServers: boolean;
  describe(caller: Caller): Promise<ViewDescription>;
  list(kind: ListKind, caller: Caller): Promise<ViewList>;
  resolve(kind: ListKind, publicName: string, caller: Caller): Promise<Target | undefined>;
  /**
   * A text that differs whenever `list` would give a caller something else, made of what is known without asking any server. Undefined when too little
   * is known.
   */
  fingerprint(kind: ListKind, caller: Caller): string | undefined;
  /** Whether the endpoint exists for this principal. */
  isOpenTo(principal: Principal): boolean;
}
