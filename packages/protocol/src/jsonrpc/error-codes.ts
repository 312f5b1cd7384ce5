/**
 * Codes of JSON-RPC errors that the gate itself answers with.
 *
 * The first five are the standard's. Ours lie outside -32768 to -32000, which the standard reserves; their first three digits are the HTTP status
 * of the same refusal.
 *
 * @see JSON-RPC 2.0 specification, section 5.1
 */
export const RPC_ERRORS = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  unauthenticated: 40101,
  /** Only where the operator shows reasons; otherwise a denied tool is answered like an unknown one. */
  denied: 40301,
  sessionUnknown: 40401,
  rateLimited: 42901,
  upstreamUnavailable: 50201,
  resultTooLarge: 50202,
  /** The upstream went away after the call had left; it may have run. */
  outcomeUnknown: 50203,
  upstreamTimeout: 50401,
} as const;

export type RpcErrorName = keyof typeof RPC_ERRORS;
export type RpcErrorCode = (typeof RPC_ERRORS)[RpcErrorName];
