import type { SendOptions } from './raw-http.ts';

/**
 * One hostile input and the exact refusal. Texts may hold `{{name}}`, which is replaced by a value of the stage: a token, a session, a chain.
 *
 * Everything that an entry does not say is right: without its trick the request would be answered with 200.
 */
export interface BadRequest {
  readonly name: string;
  /** Id of the attack in the threat model. */
  readonly threat?: string;
  /** Requirements that the refusal proves, as test names cite them. */
  readonly proves?: string;
  readonly request: RequestParts | RawRequest;
  readonly expect: Refusal;
}

/** A well-formed request; by default alice pings in her session at `/mcp/everything`. */
export interface RequestParts {
  readonly method?: string;
  readonly path?: string;
  /** In place of the headers of the same name; null leaves one out, a list sends it several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string | Uint8Array;
}

/** Bytes as they go out, one character each. */
export interface RawRequest extends SendOptions {
  readonly raw: string;
}

export interface Refusal {
  readonly status: number;
  /** Present when the body is a JSON-RPC error, absent when it is `{ "error": message }`. */
  readonly rpcCode?: number;
  /** Id of the answer. Default null. */
  readonly id?: number;
  /** Exact; empty for a response without a body. */
  readonly message: string;
  /** What the error says beside its message, exact or as a matcher; by default nothing. */
  readonly data?: unknown;
  /** Headers that the response must have, among others. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the operator is told about a refused login. */
  readonly logged?: { readonly code: string; readonly detail: string };
  /** What else the operator is told. */
  readonly warned?: string;
}

export const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** A request with id 1 as JSON text; `params` is JSON text too, so that it may be wrong. */
export function rpc(method: string, params?: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(method)}${params === undefined ? '' : `,"params":${params}`}}`;
}

const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  host: 'localhost',
  authorization: 'Bearer {{alice}}',
  'mcp-session-id': '{{session}}',
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  connection: 'close',
};

/** The bytes of an entry. */
export function encodeRequest(
  request: RequestParts | RawRequest,
  fill: (text: string) => string,
): Uint8Array {
  if ('raw' in request) {
    return Buffer.from(fill(request.raw), 'latin1');
  }
  const { method = 'POST', path = '/mcp/everything', body = PING } = request;
  const bytes = typeof body === 'string' ? Buffer.from(fill(body)) : body;
  const headers = { ...DEFAULT_HEADERS, 'content-length': String(bytes.byteLength), ...request.headers };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (value === null ? [] : [value].flat()).map((one) => `${name}: ${one}`),
  );
  const head = fill([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** The exact body of a refusal. */
export function refusalBody({ rpcCode, id, message, data }: Refusal): unknown {
  if (rpcCode === undefined) {
    return message === '' ? '' : { error: message };
  }
  const error = { code: rpcCode, message, ...(data === undefined ? {} : { data }) };
  return { jsonrpc: '2.0', id: id ?? null, error };
}
