export type * from './jsonrpc/messages.ts';
export { classifyMessage } from './jsonrpc/classify.ts';
export type { ClassifiedMessage, InvalidMessage } from './jsonrpc/classify.ts';
export { RPC_ERRORS } from './jsonrpc/error-codes.ts';
export type { RpcErrorCode, RpcErrorName } from './jsonrpc/error-codes.ts';
export { JsonError } from './json/json-error.ts';
export type { JsonErrorCode } from './json/json-error.ts';
export { readJson } from './json/read-json.ts';
export type { JsonDocument, JsonLimits, JsonSpan } from './json/json-document.ts';
export { spliceRequest } from './json/splice-request.ts';
export type { RequestReplacement } from './json/splice-request.ts';
export { spliceResponseId } from './json/splice-response-id.ts';
export { canonicalJson, writeCanonical } from './json/canonical-json.ts';
export { spliceResult } from './json/splice-result.ts';
export {
  createDelegationLink,
  DELEGATION_HEADER,
  DELEGATION_TYPE,
  DelegationError,
  generateDelegationKey,
  isDelegationPublicKey,
  joinDelegationChain,
  verifyDelegationChain,
} from './delegation/index.ts';
export type {
  CreateLinkOptions,
  DelegationClaims,
  DelegationCode,
  DelegationPrivateKey,
  DelegationRefusal,
  DelegationResult,
  VerifiedLink,
  VerifyChainOptions,
} from './delegation/index.ts';
export { isJsonObject } from './jsonrpc/is-json-object.ts';
export { ifHeaderValue, toHeaderValue } from './mcp/header-value.ts';
export { HOP_PREFIX, META, TASKS_EXTENSION } from './mcp/meta-keys.ts';
export { paramHeaderFault, paramHeaders, paramMarks } from './mcp/param-marks.ts';
export type { ParamMark, ParamMarks } from './mcp/param-marks.ts';
export { INPUT_METHODS, isInputMethod } from './mcp/input-request.ts';
export type { InputMethod, InputRequest, InputRequests, InputResponses } from './mcp/input-request.ts';
export { HANDSHAKE_VERSIONS, isHandshakeVersion, isModernVersion, MODERN_VERSIONS } from './mcp/versions.ts';
export type { Era, HandshakeVersion, ModernVersion } from './mcp/versions.ts';
