import { isIPv6 } from 'node:net';
import type { Config } from '../../config/schema.ts';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Which `Host` and `Origin` values are answered. */
export interface EdgeRules {
  isHostAllowed(host: string | undefined): boolean;
  /** Requests without `Origin` do not come from a web page and are allowed. */
  isOriginAllowed(origin: string | undefined): boolean;
}

/**
 * Compiles the rules from the configuration. On a loopback address, and whenever `public_url` or `allowed_hosts` is given, `Host` must be one of
 * the known names, so that a web page cannot reach the gateway through a name that it has pointed here. An open address without either accepts any
 * name: every request needs a credential that no page has.
 */
export function createEdgeRules(
  config: Config,
  listen: { readonly host: string; readonly loopback: boolean },
): EdgeRules {
  const named = [
    ...config.allowed_hosts,
    ...(config.public_url === undefined ? [] : [new URL(config.public_url).host]),
  ];
  const hosts = new Set([...named, inHeader(listen.host)].map((host) => withoutPort(host.toLowerCase())));
  const checksHost = listen.loopback || named.length > 0;
  const origins = new Set(config.allowed_origins.map((origin) => origin.toLowerCase()));
  return {
    isHostAllowed(host) {
      if (host === undefined) {
        return false;
      }
      const name = withoutPort(host.toLowerCase());
      return !checksHost || LOOPBACK_NAMES.has(name) || hosts.has(name);
    },
    isOriginAllowed(origin) {
      return origin === undefined || origins.has(origin.toLowerCase());
    },
  };
}

/** An IPv6 address stands in brackets where a port may follow. */
function inHeader(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').replace(/\.$/, '');
}
