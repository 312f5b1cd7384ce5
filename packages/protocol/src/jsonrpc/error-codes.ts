/**
 * Codes of JSON-RPC errors that the gate itself answers with.
 *
 * The first five are the standard's, the next three those of MCP. Ours lie outside -32768 to -32000, which the standard reserves; their first three digits are the HTTP status
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
  /** Of MCP 2026-07-28: header and body of a request differ, or a required header is missing. */
  headerMismatch: -32020,
  /** Of MCP 2026-07-28: `data.requiredCapabilities` says what the client did not declare. */
  missingClientCapability: -32021,
  /** Of MCP 2026-07-28: `data.supported` and `data.requested` say which versions. */
  unsupportedVersion: -32022,
  unauthenticated: 40101,
  /** Only where the operator shows reasons; otherwise a denied tool is answered like an unknown one. */
  denied: 40301,
  /** The token lacks a scope; with HTTP status 403 and a challenge. */
  insufficientScope: 40302,
  /** The call waits for an approval that this client cannot be asked for. */
  approvalRequired: 40303,
  sessionUnknown: 40401,
  rateLimited: 42901,
  upstreamUnavailable: 50201,
  resultTooLarge: 50202,
  /** The upstream went away after the call had left; it may have run. */
  outcomeUnknown: 50203,
  /** The upstream answered with something that the client cannot be given. */
  resultInvalid: 50204,
  /** The issuer of the token cannot be asked for its keys; the login was neither accepted nor refused. */
  identityUnavailable: 50301,
  upstreamTimeout: 50401,
} as const;

export type RpcErrorName = keyof typeof RPC_ERRORS;
export type RpcErrorCode = (typeof RPC_ERRORS)[RpcErrorName];
