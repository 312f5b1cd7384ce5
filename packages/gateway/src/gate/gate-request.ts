import type { JsonDocument, JsonObject, RpcResponse } from '@smcp/protocol';
import type { Action, Decision } from '@smcp/policy';
import type { Upstream } from '../upstream/index.ts';
import type { ClientSide } from './client-side.ts';
import type { Caller, ServerEntry } from './server-entry.ts';

/** One thing that a caller wants from one server; the same whatever door it came through. */
export interface GateRequest {
  readonly caller: Caller;
  readonly door: string;
  readonly action: Action;
  readonly method: string;
  /** The message as it came; members of its `params` that are not replaced travel on exactly as written. */
  readonly document: JsonDocument;
  /** Members of `params` to write anew (JSON text), such as a name that is different upstream. `_meta` is the gate's own business. */
  readonly replace?: ReadonlyMap<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Progress (with the caller's own token) and log messages of this very call. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /** Told which upstream the call goes to, before it is sent. */
  readonly onRoute?: ((upstream: Upstream) => void) | undefined;
  /** How the client can be asked something in the middle of the call. Absent: not at all. */
  readonly client?: ClientSide | undefined;
  /** Looks at the definition of the tool before anything is sent; gives what is wrong with the request, such as a header that differs from the body. */
  readonly checkDefinition?: ((definition: JsonObject) => string | undefined) | undefined;
  /** A request about a task that was opened by `Gate.openTask`; the id is the server's own and takes the place of `taskId`. */
  readonly task?: { readonly id: string } | undefined;
  /** Whether a text for the user begins with the name of the server: where the client sees several servers as one. Default false. */
  readonly labelQuestions?: boolean | undefined;
  /** The call in whose course this one is made, as by a script, and how many such calls stand above this one. */
  readonly parent?: { readonly call: string; readonly depth: number } | undefined;
  /** A server that no configuration has: it exists for the caller at hand. One of the configuration with its name comes first. */
  readonly server?: ServerEntry | undefined;
  /** For what is not a plain request to the upstream, such as a shared subscription. */
  readonly perform?: ((upstream: Upstream) => Promise<void>) | undefined;
}

/**
 * Why the gate itself refused, or why no answer came.
 *
 * - `UNKNOWN` no such server, tool or prompt, or one that the caller may not see
 * - `DENIED` policy says no
 * - `INSUFFICIENT_SCOPE` the token lacks a scope that this tool wants; `scopes` says which are needed
 * - `APPROVAL_REQUIRED` somebody has to approve the call first, and this client cannot be asked
 * - `NOT_APPROVED` it was asked for and not approved
 * - `STATE_INVALID` what a client came back with is not what it was given, too old, or of another call
 * - `HEADER_MISMATCH` the headers differ from the body
 * - `CAPABILITY_MISSING` the server needs a capability that the client did not declare; `required` says which
 * - `RESULT_INVALID` it ran; its answer is of a kind that the client did not ask for
 * - `RATE_LIMITED` a limit of rate or concurrency
 * - `CREDENTIAL_MISSING` the server wants the caller's own credential
 * - `AUDIT_UNAVAILABLE` the call cannot be recorded, so it is not made
 * - `UNAVAILABLE` the server cannot be reached; the call did not run
 * - `TIMEOUT`, `OUTCOME_UNKNOWN` the call may have run
 * - `CANCELLED` by the caller
 * - `RESULT_TOO_LARGE` it ran; its answer is over the limit
 */
export type GateRefusalCode =
  | 'UNKNOWN'
  | 'DENIED'
  | 'INSUFFICIENT_SCOPE'
  | 'APPROVAL_REQUIRED'
  | 'NOT_APPROVED'
  | 'STATE_INVALID'
  | 'HEADER_MISMATCH'
  | 'CAPABILITY_MISSING'
  | 'RESULT_INVALID'
  | 'RATE_LIMITED'
  | 'CREDENTIAL_MISSING'
  | 'AUDIT_UNAVAILABLE'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'OUTCOME_UNKNOWN'
  | 'CANCELLED'
  | 'RESULT_TOO_LARGE';

export type GateReply =
  | {
      readonly ok: true;
      /** The answer as the upstream wrote it, with our id on that hop. */
      readonly text: string;
      readonly message: RpcResponse;
    }
  | {
      readonly ok: false;
      readonly code: GateRefusalCode;
      readonly message: string;
      /** Id of the call, for asking the operator. */
      readonly call: string;
      readonly decision?: Decision;
      readonly retryAfterMs?: number;
      /** With `INSUFFICIENT_SCOPE`: all scopes that the call wants. */
      readonly scopes?: readonly string[];
      /** With `CAPABILITY_MISSING`: capabilities in the form of MCP 2026-07-28. */
      readonly required?: JsonObject;
    };
