import {
  readJson,
  RPC_ERRORS,
  spliceResponseId,
  type JsonObject,
  type JsonSpan,
  type JsonValue,
  type RequestId,
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

const CODES: Readonly<Record<Exclude<GateRefusalCode, 'UNKNOWN' | 'DENIED'>, number>> = {
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

const RESOURCE_NOT_FOUND = -32002;

/** The one answer for everything unknown to a caller. */
function unknownText({ id, kind, name }: Asked): string {
  const printable = JSON.stringify(name.slice(0, 128)).slice(1, -1);
  return kind === 'resource'
    ? errorText(id, RESOURCE_NOT_FOUND, `Resource not found: ${printable}`)
    : errorText(id, RPC_ERRORS.invalidParams, `Unknown ${kind}: ${printable}`);
}

/**
 * The gate's reply as a JSON-RPC answer: an upstream's answer keeps its bytes but for the id; a refusal becomes an error. What is denied is answered
 * exactly like what does not exist, unless the operator wants reasons shown.
 */
export function gateReplyText(asked: Asked, reply: GateReply, showReasons: boolean): string {
  const { id } = asked;
  if (reply.ok) {
    return spliceResponseId(reply.text, id) ?? withId(reply, id);
  }
  const { code, message, call, decision, retryAfterMs } = reply;
  if (code === 'DENIED' && showReasons) {
    const because = decision?.reasons.join('; ') ?? '';
    return errorText(id, RPC_ERRORS.denied, `Denied by policy: ${because}`, {
      call,
      rule: decision?.rule ?? null,
    });
  }
  if (code === 'UNKNOWN' || code === 'DENIED') {
    return unknownText(asked);
  }
  const data =
    retryAfterMs === undefined ? { call } : { call, retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
  return errorText(id, CODES[code], message, data);
}

/** For an answer whose id stands where it cannot be replaced by itself. */
function withId(
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
