import type { UpstreamName } from '../figures.ts';
import { benchProgram, programOf } from './installed.ts';

const ROLES = 10;
const ALLOWS_PER_ROLE = 7;
const DENIES_PER_ROLE = 3;
const PLENTY = { rate: { calls: '1000000/s', burst: 1_000_000 }, concurrency: 10_000 };

const SERVER = 'upstream';

/** Endpoint of the gateway that leads to the one server of the configuration. */
export const ENDPOINT = `/mcp/${SERVER}`;

/** A server in the configuration of the gateway. */
export type ServerSpec =
  | { readonly url: string }
  | { readonly command: string; readonly args: readonly string[] };

/** Program and arguments, after `node`, of the stdio upstreams. */
export function stdioProgram(upstream: Exclude<UpstreamName, 'HTTP echo'>): readonly string[] {
  return upstream === 'stdio echo'
    ? [benchProgram('upstreams', 'echo-stdio.mjs')]
    : [programOf('@modelcontextprotocol/server-everything', 'dist', 'index.js'), 'stdio'];
}

/**
 * A configuration for one server with everything on that costs a call something: an API key whose ten roles bring 100 rules, limits per principal, server
 * and tool that are never reached, and the audit log with redacted arguments. The rule that allows the measured tool stands in the last role.
 */
export function gatewayConfig(key: string, server: ServerSpec, maxSessions: number): unknown {
  const roles = Array.from({ length: ROLES }, (_, role) => [`role${role}`, roleOf(role)] as const);
  return {
    listen: '127.0.0.1:0',
    servers: { [SERVER]: { ...server, limits: PLENTY, tools: { echo: PLENTY } } },
    api_keys: [{ name: 'bench', key, roles: roles.map(([name]) => name) }],
    roles: Object.fromEntries(roles),
    limits: { principal: PLENTY },
    sessions: { max_per_principal: maxSessions, max: maxSessions },
  };
}

function roleOf(role: number): unknown {
  const others = Array.from({ length: ALLOWS_PER_ROLE - 1 }, (_, n) => `${SERVER}:read_${role}${n}_*`);
  return {
    allow: [...others, role === ROLES - 1 ? '*:echo' : `${SERVER}:*_page_${role}`],
    deny: Array.from({ length: DENIES_PER_ROLE }, (_, n) => `*:delete_*_${role}${n}`),
  };
}
