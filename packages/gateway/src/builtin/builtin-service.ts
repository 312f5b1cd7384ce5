import type { JsonObject } from '@smcp/protocol';
import type { Caller } from '../gate/index.ts';
import type { RequestOptions } from '../upstream/index.ts';

/** One call of a tool of the gateway's own, after it was decided, limited, approved and recorded as every other. */
export interface BuiltinCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly caller: Caller;
  /** The client behind the call, its signal, and where its progress goes. */
  readonly options: RequestOptions;
  /** `_meta` of the request as it was sent on: it carries the trace. */
  readonly meta: JsonObject;
}

/** Tools of the gateway's own, which stand behind the gate like those of any server. */
export interface BuiltinService {
  /** Name of the server that they belong to, in policies and records. */
  readonly name: string;
  /** Whether it stands in the list of all servers; otherwise it has an endpoint of its own. */
  readonly listed: boolean;
  /** Whether a tool is listed to clients; others are reached by scripts only. */
  isOffered(tool: string): boolean;
  /** The tools as MCP lists them, for everybody of one tenant. */
  tools(tenant: string): Promise<readonly JsonObject[]>;
  /** @returns The result (MCP `CallToolResult`); what went wrong in the tool is a result too. */
  call(call: BuiltinCall): Promise<JsonObject>;
}
