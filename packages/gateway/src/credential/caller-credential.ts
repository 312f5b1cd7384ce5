import type { ServerConfig } from '../config/schema.ts';

const MAX_LENGTH = 8 * 1024;
const GATEWAY_TOKEN = /smcp_(?:key|agent)_/i;
const HEADER_VALUE = /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/;

/**
 * Header in which a caller may send its own credential for a server, in lower case: as configured, else `x-<server>-token`. Undefined when the
 * server takes none.
 */
export function callerCredentialHeader(server: string, config: ServerConfig): string | undefined {
  if (config.credential_mode === 'gateway') {
    return undefined;
  }
  return (
    config.credentials.passthrough?.header ?? `x-${server.replaceAll(/[^A-Za-z0-9]+/g, '-')}-token`
  ).toLowerCase();
}

/**
 * True for text that can be a credential in a header or variable: printable ASCII, no outer blanks, at most 8 KiB. A token of a gateway is none, by
 * whatever mistake it came into that header: it must not reach a server.
 */
export function isCallerCredential(value: string): boolean {
  return value.length <= MAX_LENGTH && HEADER_VALUE.test(value) && !GATEWAY_TOKEN.test(value);
}
