import type { JsonObject } from '@smcp/protocol';
import type { ServerSummary } from '@smcp/codemode';
import { ADDED_PREFIX } from '../builtin/names.ts';
import { isMetadataAddress } from '../config/index.ts';
import { servers } from '../config/schema/server.ts';
import { ServerEntry, type ServerContext } from '../gate/index.ts';

export type AddedServer =
  | { readonly ok: true; readonly entry: ServerEntry; readonly summary: ServerSummary }
  | { readonly ok: false; readonly message: string };

export interface AddingRules {
  /** Hosts that may be added, as `code_mode.add_servers` has them. */
  readonly hosts: readonly string[];
  readonly context: ServerContext;
}

const NAME = /^[a-z][a-z0-9_-]{0,39}$/;
const KNOWN = new Set(['name', 'url', 'description', 'transport']);
const TRANSPORTS = new Set<unknown>([undefined, 'auto', 'http', 'sse']);

/**
 * Makes a server of what a script asks for: an address over https at a host that the operator listed, without credentials.
 *
 * Does not reach for it.
 */
export function addedServer(asked: JsonObject, { hosts, context }: AddingRules): AddedServer {
  const { name, url: address, description, transport } = asked;
  const unknown = Object.keys(asked).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) {
    return refuse(
      `servers.add: unknown member ${JSON.stringify(unknown.slice(0, 64))}; known are ${[...KNOWN].join(', ')}`,
    );
  }
  if (typeof name !== 'string' || !NAME.test(name)) {
    return refuse('servers.add: "name" must be 1 to 40 of a-z, 0-9, "_" and "-", and begin with a letter');
  }
  const url = typeof address === 'string' && !/[\\\s\p{Cc}]/u.test(address) ? URL.parse(address) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return refuse(
      'servers.add: "url" must be an address that starts with https://, without user and password',
    );
  }
  if (!TRANSPORTS.has(transport) || (description !== undefined && typeof description !== 'string')) {
    return refuse('servers.add: "transport" must be "auto", "http" or "sse", and "description" a text');
  }
  if (!hosts.some((host) => matches(host, url.hostname)) || isMetadataAddress(url)) {
    return refuse(
      `servers.add: the host ${url.hostname.slice(0, 100)} is not one that may be added here; an operator lists it in code_mode.add_servers`,
    );
  }
  const full = ADDED_PREFIX + name;
  const parsed = servers.safeParse({
    [full]: {
      url: url.href,
      ...(transport === undefined ? {} : { transport }),
      ...(description === undefined ? {} : { description: description.slice(0, 500) }),
      scope: 'principal',
    },
  });
  const config = parsed.success ? parsed.data[full] : undefined;
  if (config === undefined) {
    return refuse('servers.add: such a server cannot be added');
  }
  return {
    ok: true,
    entry: new ServerEntry(full, config, context),
    summary: { name: full, description: config.description },
  };
}

function refuse(message: string): AddedServer {
  return { ok: false, message };
}

function matches(glob: string, host: string): boolean {
  return glob.startsWith('*.')
    ? host.endsWith(glob.slice(1)) && host.length > glob.length - 1
    : host === glob;
}
