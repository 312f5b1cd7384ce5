import { RPC_ERRORS, spliceResponseId, type JsonObject, type JsonValue, type RequestId } from '@smcp/protocol';
import type { GateRefusalCode, GateReply } from '../../gate/index.ts';

/** A JSON-RPC answer as text. */
export function resultText(id: RequestId, result: JsonObject | { readonly [key: string]: unknown }): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function errorText(id: RequestId | null, code: number, message: string, data?: JsonValue): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } });
}

const CODES: Readonly<Record<GateRefusalCode, number>> = {
  UNKNOWN: RPC_ERRORS.invalidParams,
  DENIED: RPC_ERRORS.invalidParams,
  RATE_LIMITED: RPC_ERRORS.rateLimited,
  CREDENTIAL_MISSING: RPC_ERRORS.unauthenticated,
  AUDIT_UNAVAILABLE: RPC_ERRORS.internal,
  UNAVAILABLE: RPC_ERRORS.upstreamUnavailable,
  TIMEOUT: RPC_ERRORS.upstreamTimeout,
  OUTCOME_UNKNOWN: RPC_ERRORS.outcomeUnknown,
  CANCELLED: RPC_ERRORS.outcomeUnknown,
  RESULT_TOO_LARGE: RPC_ERRORS.resultTooLarge,
};

/**
 * The gate's reply as a JSON-RPC answer to `id`: an upstream's answer keeps its bytes but for the id; a refusal becomes an error. A denied tool
 * looks like an unknown one unless the operator wants reasons shown.
 */
export function gateReplyText(id: RequestId, reply: GateReply, showReasons: boolean): string {
  if (reply.ok) {
    return spliceResponseId(reply.text, id) ?? JSON.stringify({ ...reply.message, id });
  }
  const { code, message, call, decision, retryAfterMs } = reply;
  if (code === 'DENIED' && showReasons) {
    const because = decision?.reasons.join('; ') ?? '';
    return errorText(id, RPC_ERRORS.denied, `Denied by policy: ${because}`, { call, rule: decision?.rule ?? null });
  }
  // Unknown and denied must be told apart by nothing, so neither names its call.
  if (code === 'UNKNOWN' || code === 'DENIED') {
    return errorText(id, CODES[code], message);
  }
  const data = retryAfterMs === undefined ? { call } : { call, retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
  return errorText(id, CODES[code], message, data);
}
