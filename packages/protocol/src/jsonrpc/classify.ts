import type { JsonObject, JsonValue, RequestId, RpcErrorBody } from './messages.ts';
import { isJsonObject } from './is-json-object.ts';

const MAX_ID_LENGTH = 256;
const MAX_METHOD_LENGTH = 128;

/** What a JSON value is as a JSON-RPC 2.0 message. `params` is undefined when absent. */
export type ClassifiedMessage =
  | {
      readonly kind: 'request';
      readonly id: RequestId;
      readonly method: string;
      readonly params: JsonObject | undefined;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject | undefined }
  | { readonly kind: 'response'; readonly id: RequestId; readonly result: JsonObject }
  | { readonly kind: 'response'; readonly id: RequestId | null; readonly error: RpcErrorBody }
  | InvalidMessage;

/** A value that is no message. `reason` quotes nothing of it; `id` is the id to answer with, null when there is none to be had. */
export interface InvalidMessage {
  readonly kind: 'invalid';
  readonly reason: string;
  readonly id: RequestId | null;
}

/**
 * Tells requests, notifications and responses apart, strictly as MCP uses JSON-RPC 2.0.
 *
 * `jsonrpc` is exactly "2.0"; an id is a string of at most 256 characters or a safe integer, and null or absent only in an error; a method has 1 to
 * 128 characters; `params` and `result` are objects; a message is one thing only. Other top-level members are ignored. Never throws.
 */
export function classifyMessage(value: unknown): ClassifiedMessage {
  if (Array.isArray(value)) return invalid('Batches are not accepted, send one message at a time', null);
  if (!isJsonObject(value)) return invalid('A message must be an object', null);

  const rawId = own(value, 'id');
  const id = isRequestId(rawId) ? rawId : null;
  if (own(value, 'jsonrpc') !== '2.0') return invalid('Member jsonrpc must be "2.0"', id);
  if (rawId !== undefined && rawId !== null && id === null) {
    return invalid(
      `Member id must be a safe integer or a string of at most ${MAX_ID_LENGTH} characters`,
      null,
    );
  }

  const method = own(value, 'method');
  const result = own(value, 'result');
  const error = own(value, 'error');
  if (method === undefined) return classifyResponse(rawId, id, result, error);

  if (result !== undefined || error !== undefined) {
    return invalid('A message has either a method or a result or an error', id);
  }
  if (typeof method !== 'string' || method === '' || method.length > MAX_METHOD_LENGTH) {
    return invalid(`Member method must be a string of 1 to ${MAX_METHOD_LENGTH} characters`, id);
  }
  const params = own(value, 'params');
  if (params !== undefined && !isJsonObject(params)) return invalid('Member params must be an object', id);
  if (rawId === undefined) return { kind: 'notification', method, params };
  if (id === null) return invalid('The id of a request must not be null', null);
  return { kind: 'request', id, method, params };
}

function classifyResponse(
  rawId: JsonValue | undefined,
  id: RequestId | null,
  result: JsonValue | undefined,
  error: JsonValue | undefined,
): ClassifiedMessage {
  if (result !== undefined && error !== undefined) {
    return invalid('A response has either a result or an error', id);
  }
  if (error !== undefined) {
    // JSON-RPC wants a null id when the request could not be read; MCP leaves it out.
    return isErrorBody(error)
      ? { kind: 'response', id, error }
      : invalid('Member error must have an integer code and a message', id);
  }
  if (result === undefined) return invalid('A message needs a method, a result or an error', id);
  if (!isJsonObject(result)) return invalid('Member result must be an object', id);
  if (id === null) {
    return invalid(rawId === null ? 'The id of a result must not be null' : 'A result needs an id', null);
  }
  return { kind: 'response', id, result };
}

function invalid(reason: string, id: RequestId | null): InvalidMessage {
  return { kind: 'invalid', reason, id };
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_LENGTH : Number.isSafeInteger(value);
}

function isErrorBody(value: JsonValue): value is JsonObject & RpcErrorBody {
  return (
    isJsonObject(value) &&
    Number.isSafeInteger(own(value, 'code')) &&
    typeof own(value, 'message') === 'string'
  );
}
