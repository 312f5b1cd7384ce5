import type { Config } from '../config/index.ts';
import type { Store } from '../store/index.ts';
import type { Logger } from '../telemetry/index.ts';

/** What a gateway says at its start and after a reload, one line each. */
function startLines(
  config: Config,
  stored: { readonly keys: number; readonly agents: number },
): readonly string[] {
  const servers = Object.entries(config.servers)
    .filter(([, server]) => server.enabled)
    .map(([name]) => name);
  const roles = Object.keys(config.roles);
  const issuers = Object.keys(config.jwt_issuers);
  return [
    `loaded ${count(servers.length, 'server')}${names(servers)}`,
    `loaded ${count(config.api_keys.length + stored.keys, 'API key')}, ${count(config.agents.length + stored.agents, 'agent')}`,
    `loaded ${count(roles.length, 'role')}${names(roles)}`,
    ...(issuers.length === 0 ? [] : [`loaded ${count(issuers.length, 'token issuer')}${names(issuers)}`]),
  ];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function names(list: readonly string[]): string {
  return list.length === 0 ? '' : `: ${list.join(', ')}`;
}

/** Logs what is loaded; keys and agents of the store count, too. */
export async function announce(config: Config, store: Store, logger: Logger): Promise<void> {
  const active = (entries: readonly { readonly revokedAt?: string }[]): number =>
    entries.filter(({ revokedAt }) => revokedAt === undefined).length;
  const stored = { keys: active(await store.keys.list()), agents: active(await store.agents.list()) };
  for (const line of startLines(config, stored)) {
    logger.info(line);
  }
}
