/** The endpoint a path names: one server, or all of them. */
export type Endpoint = { readonly kind: 'all' } | { readonly kind: 'server'; readonly server: string };

const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Name of the one server at an endpoint; undefined for all. */
export function serverOf(endpoint: Endpoint): string | undefined {
  return endpoint.kind === 'server' ? endpoint.server : undefined;
}

/** Reads `/mcp` and `/mcp/<server>`; anything else, encoded or with dots and slashes, is no endpoint. */
export function ifEndpoint(path: string): Endpoint | undefined {
  if (path === '/mcp') {
    return { kind: 'all' };
  }
  const server = path.startsWith('/mcp/') ? path.slice('/mcp/'.length) : '';
  return SERVER_NAME.test(server) ? { kind: 'server', server } : undefined;
}
