import { CODE_SERVER } from '../../builtin/names.ts';

/** The endpoint a path names: one server, all of them, or the one tool that runs scripts. */
export type Endpoint =
  | { readonly kind: 'all' }
  | { readonly kind: 'code' }
  | { readonly kind: 'server'; readonly server: string };

const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Name of the one server at an endpoint; undefined for all. */
export function serverOf(endpoint: Endpoint): string | undefined {
  if (endpoint.kind === 'code') {
    return CODE_SERVER;
  }
  return endpoint.kind === 'server' ? endpoint.server : undefined;
}

/** What is recorded as the way in. */
export function doorOf(endpoint: Endpoint): 'mcp' | 'code' {
  return endpoint.kind === 'code' ? 'code' : 'mcp';
}

/** Reads `/mcp`, `/code` and `/mcp/<server>`; anything else, encoded or with dots and slashes, is no endpoint. */
export function ifEndpoint(path: string): Endpoint | undefined {
  if (path === '/mcp') {
    return { kind: 'all' };
  }
  if (path === '/code') {
    return { kind: 'code' };
  }
  const server = path.startsWith('/mcp/') ? path.slice('/mcp/'.length) : '';
  return SERVER_NAME.test(server) ? { kind: 'server', server } : undefined;
}
