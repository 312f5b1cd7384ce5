import { ifEndpoint } from '../mcp/endpoint.ts';

/** RFC 9728 section 3: put between host and path of the resource. */
export const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The endpoint that a metadata path speaks of: its path, empty for the gateway as a whole; undefined when it is no metadata path. */
export function ifMetadataPath(base: string, path: string): string | undefined {
  if (path !== WELL_KNOWN && !path.startsWith(`${WELL_KNOWN}/`)) return undefined;
  const rest = path.slice(WELL_KNOWN.length);
  // Behind a proxy that adds a path of its own, clients put that path first.
  const own = basePath(base);
  const endpoint = own !== '' && (rest === own || rest.startsWith(`${own}/`)) ? rest.slice(own.length) : rest;
  return endpoint === '' || ifEndpoint(endpoint) !== undefined ? endpoint : undefined;
}

/** Address of the metadata for a request to `path`; that of the gateway as a whole when `path` is no endpoint. */
export function metadataUrl(base: string, path: string): string {
  const endpoint = ifEndpoint(path) === undefined ? '' : path;
  return new URL(base).origin + WELL_KNOWN + basePath(base) + endpoint;
}

/** What clients name in `resource` when they ask for a token (RFC 8707): in normal form, without a slash at the end. */
export function resourceUri(base: string, endpoint: string): string {
  return new URL(base).origin + basePath(base) + endpoint;
}

function basePath(base: string): string {
  return new URL(base).pathname.replace(/\/$/, '');
}
