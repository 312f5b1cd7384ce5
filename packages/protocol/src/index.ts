export type * from './jsonrpc/messages.ts';
export type { JsonDocument, JsonErrorCode, JsonLimits, JsonSpan } from './json/read-json.ts';
