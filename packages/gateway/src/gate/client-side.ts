import type { Principal } from '@smcp/policy';
import type { InputRequest, InputResponses, JsonObject } from '@smcp/protocol';
import type { LogLevel } from '../upstream/index.ts';

/**
 * How the client behind a call can be asked something.
 *
 * `ask`: while the call is under way, by a request of ours on its session (2025-11-25 and earlier).
 * `retry`: by answering `input_required`; the client then sends the same call again with the answers (2026-07-28).
 */
export type ClientSide = AskingClient | RetryingClient;

interface ClientCommon {
  /** Capabilities that the client declared, in the form of MCP 2026-07-28. */
  readonly capabilities: JsonObject;
  readonly logLevel?: LogLevel | undefined;
}

export interface AskingClient extends ClientCommon {
  readonly style: 'ask';
  /** Puts one question to the client and gives the result that it answers with. Rejects when it refuses, is gone, or the signal fires. */
  ask(request: InputRequest, signal: AbortSignal): Promise<JsonObject>;
}

export interface RetryingClient extends ClientCommon {
  readonly style: 'retry';
  /** What the client sends beside the original parameters when it comes back. Absent in a first request. */
  readonly resume?: ResumedCall | undefined;
}

export interface ResumedCall {
  /** `requestState` as it was sent; undefined when there was none. */
  readonly state: string | undefined;
  readonly responses: InputResponses;
}

/** As in `ClientFacts`: who answers for the calls of a client. `which` tells clients of one principal apart: a session, or a single call. */
export function askerOf({ tenant, id }: Principal, which: string): string {
  return `${tenant}\n${id}\n${which}`;
}
