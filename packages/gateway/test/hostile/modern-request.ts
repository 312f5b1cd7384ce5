import { META, toHeaderValue } from '@smcp/protocol';
import type { RequestParts } from './bad-request.ts';

export const MODERN_VERSION = '2026-07-28';
export const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
/** `_meta` of a client that can do nothing. */
export const ENVELOPE = { [META.protocolVersion]: MODERN_VERSION, [META.clientCapabilities]: {} };

/** What differs from a request of MCP 2026-07-28 as it should be. */
export interface Described extends Omit<RequestParts, 'body'> {
  /** In place of the whole `_meta`; null leaves it out. */
  readonly meta?: unknown;
  readonly id?: string | number;
}

/** A request with id 1 that describes itself, with headers that agree; by default alice asks at `/mcp/everything`, in no session. */
export function described(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  { meta = ENVELOPE, id = 1, headers, ...more }: Described = {},
): RequestParts {
  const name = params['name'] ?? params['uri'] ?? params['taskId'];
  return {
    ...more,
    headers: {
      'mcp-session-id': null,
      'mcp-protocol-version': MODERN_VERSION,
      'mcp-method': method,
      'mcp-name': typeof name === 'string' ? toHeaderValue(name) : null,
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method,
      params: { ...params, ...(meta === null ? {} : { _meta: meta }) },
    }),
  };
}
