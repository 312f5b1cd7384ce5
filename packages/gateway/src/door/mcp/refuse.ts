import type { ServerResponse } from 'node:http';
import type { JsonValue, RequestId } from '@smcp/protocol';
import { sendJson } from '../http/http-door.ts';
import { errorText } from './rpc-reply.ts';

/** Header of a refusal after which the rest of the body is not read. */
export const CLOSE = { connection: 'close' } as const;

/** Ends a request of HTTP with a JSON-RPC error; `id` is null while the message, if there is one, has not been read. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  id: RequestId | null = null,
  data?: JsonValue,
): void {
  sendJson(response, status, errorText(id, code, message, data), headers);
}
