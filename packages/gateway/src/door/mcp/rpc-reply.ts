import {
  readJson,
  RPC_ERRORS,
  spliceResponseId,
  type Era,
  type JsonObject,
  type JsonSpan,
  type JsonValue,
  type RequestId,
  type RpcErrorBody,
  type RpcResponse,
} from '@smcp/protocol';
import type { GateRefusalCode, GateReply } from '../../gate/index.ts';

/** A JSON-RPC answer as text. */
export function resultText(id: RequestId, result: JsonObject | { readonly [key: string]: unknown }): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function errorText(id: RequestId | null, code: number, message: string, data?: JsonValue): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: { code, message, ...(data === undefined ? {} : { data }) },
  });
}

const MAX_SHOWN = 128;

export function unknownMethod(method: string): RpcErrorBody {
  const shown = JSON.stringify(method.slice(0, MAX_SHOWN)).slice(1, -1);
  return { code: RPC_ERRORS.methodNotFound, message: `Method not found: ${shown}` };
}

const CODES: Readonly<Record<Exclude<GateRefusalCode, 'UNKNOWN' | 'DENIED'>, number>> = {
  INSUFFICIENT_SCOPE: RPC_ERRORS.insufficientScope,
  APPROVAL_REQUIRED: RPC_ERRORS.approvalRequired,
  NOT_APPROVED: RPC_ERRORS.denied,
  STATE_INVALID: RPC_ERRORS.invalidParams,
  HEADER_MISMATCH: RPC_ERRORS.headerMismatch,
  CAPABILITY_MISSING: RPC_ERRORS.missingClientCapability,
  RESULT_INVALID: RPC_ERRORS.resultInvalid,
  RATE_LIMITED: RPC_ERRORS.rateLimited,
  CREDENTIAL_MISSING: RPC_ERRORS.unauthenticated,
  AUDIT_UNAVAILABLE: RPC_ERRORS.internal,
  UNAVAILABLE: RPC_ERRORS.upstreamUnavailable,
  TIMEOUT: RPC_ERRORS.upstreamTimeout,
  OUTCOME_UNKNOWN: RPC_ERRORS.outcomeUnknown,
  CANCELLED: RPC_ERRORS.outcomeUnknown,
  RESULT_TOO_LARGE: RPC_ERRORS.resultTooLarge,
};

/** How something is spoken of that does not exist, or that the caller may not know of: by the name the caller used. */
export interface Asked {
  readonly id: RequestId;
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly name: string;
}

const HANDSHAKE_RESOURCE_NOT_FOUND = -32002;

export type GateRefusal = Extract<GateReply, { readonly ok: false }>;

/** The one answer for everything unknown to a caller. */
export function unknownError({ kind, name }: Omit<Asked, 'id'>, era: Era): RpcErrorBody {
  const printable = JSON.stringify(name.slice(0, MAX_SHOWN)).slice(1, -1);
  if (kind !== 'resource') {
    return { code: RPC_ERRORS.invalidParams, message: `Unknown ${kind}: ${printable}` };
  }
  const message = `Resource not found: ${printable}`;
  return era === 'modern'
    ? { code: RPC_ERRORS.invalidParams, message, data: { uri: name } }
    : { code: HANDSHAKE_RESOURCE_NOT_FOUND, message };
}

/** A refusal of the gate as a JSON-RPC error. What is denied looks exactly like what does not exist, unless the operator wants reasons shown. */
export function refusalError(
  asked: Omit<Asked, 'id'>,
  { code, message, call, decision, retryAfterMs, required, scopes }: GateRefusal,
  { showReasons, era }: { readonly showReasons: boolean; readonly era: Era },
): RpcErrorBody {
  if (code === 'DENIED' && showReasons) {
    const because = decision?.reasons.join('; ') ?? '';
    const data = { call, rule: decision?.rule ?? null };
    return { code: RPC_ERRORS.denied, message: `Denied by policy: ${because}`, data };
  }
  if (code === 'UNKNOWN' || code === 'DENIED') {
    return unknownError(asked, era);
  }
  const data: JsonObject = {
    call,
    ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    ...(required === undefined ? {} : { requiredCapabilities: required }),
    ...(scopes === undefined ? {} : { scopes }),
  };
  return { code: CODES[code], message, data };
}

/** The gate's reply for a client with a handshake: an upstream's answer keeps its bytes but for the id; a refusal becomes an error. */
export function gateReplyText(asked: Asked, reply: GateReply, showReasons: boolean): string {
  const { id } = asked;
  if (reply.ok) {
    return spliceResponseId(reply.text, id) ?? withId(reply, id);
  }
  const { code, message, data } = refusalError(asked, reply, { showReasons, era: 'handshake' });
  return errorText(id, code, message, data);
}

/** For an answer whose id stands where it cannot be replaced by itself. */
export function withId(
  { text, message }: { readonly text: string; readonly message: RpcResponse },
  id: RequestId,
): string {
  const span = ifIdSpan(text);
  return span === undefined
    ? JSON.stringify({ ...message, id })
    : text.slice(0, span.start) + JSON.stringify(id) + text.slice(span.end);
}

function ifIdSpan(text: string): JsonSpan | undefined {
  try {
    return readJson(text, { maxLength: text.length, maxDepth: MAX_DEPTH, maxNodes: text.length }).members.get(
      'id',
    );
  } catch {
    // Duplicate keys and the like: the parsed message is what was meant.
    return undefined;
  }
}

const MAX_DEPTH = 1000;
