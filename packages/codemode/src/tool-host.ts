import type { JsonObject } from '@smcp/protocol';

/**
 * Everything that code mode reaches, for one caller: each call is a request at the gate, decided, limited and recorded there by itself. What the caller may
 * not use does not exist here.
 */
export interface ToolHost {
  /** Servers that the caller may reach, whether or not they run, in the order of the configuration. Asks no server. */
  servers(): readonly ServerSummary[];
  /** The tools of a server as far as they are known without asking it; undefined when they were never listed. Only those the caller may call. */
  knownTools(server: string): readonly ToolDefinition[] | undefined;
  /**
   * The tools of a server that the caller may call; the server is started when it has to be.
   *
   * @throws {CodeModeError} `SERVER_UNKNOWN` (also for one that the caller may not reach), `SERVER_UNAVAILABLE`.
   */
  tools(server: string, signal: AbortSignal): Promise<readonly ToolDefinition[]>;
  /** Makes one call. Never throws: every refusal is a value. */
  call(call: ToolCall, options: ToolCallOptions): Promise<ToolReply>;
  /** Told of a call of what the caller has not got, so that the attempt is recorded; makes no call. Never rejects. */
  noteUnknown?(call: ToolCall): Promise<void>;
  /** Proposes a saved script (its members as the script gave them). Absent: scripts cannot save here. */
  saveScript?(request: JsonObject, options: ToolCallOptions): Promise<ToolReply>;
  /** Adds a server for the rest of the session, when policy lets the caller. Absent: scripts cannot add servers here. */
  addServer?(request: JsonObject, options: ToolCallOptions): Promise<AddServerReply>;
}

export interface ServerSummary {
  /** Name in the configuration. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Folder in which the server runs; undefined for one at an address. */
  readonly cwd?: string | undefined;
}

/** A tool as its server lists it (MCP `Tool`), under the server's own name. All of it is the server's words, an attacker's perhaps. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject | undefined;
  readonly annotations?: JsonObject | undefined;
}

export interface ToolCall {
  readonly server: string;
  /** Name by which the server knows it. */
  readonly tool: string;
  /** JSON text of an object. */
  readonly args: string;
}

export interface ToolCallOptions {
  readonly signal: AbortSignal;
  /** Called when a person is asked in the middle of the call; what it gives is disposed of when that is over. */
  readonly hold: () => Disposable;
}

export type ToolReply =
  | {
      readonly ok: true;
      /** JSON text of the tool's result (MCP `CallToolResult`). */
      readonly result: string;
    }
  | {
      readonly ok: false;
      /** Code of the gate, such as `UNKNOWN`, `DENIED`, `RATE_LIMITED`, `NOT_APPROVED`, `UNAVAILABLE`, `TIMEOUT`. */
      readonly code: string;
      /** What the caller may know. */
      readonly message: string;
      readonly call?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    };

export type AddServerReply =
  | { readonly ok: true; readonly server: ServerSummary }
  | { readonly ok: false; readonly code: string; readonly message: string };
