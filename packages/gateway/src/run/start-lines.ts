import type { Config } from '../config/index.ts';

/** What a gateway says at its start and after a reload, one line each. */
export function startLines(config: Config, stored: { readonly keys: number; readonly agents: number }): readonly string[] {
  const servers = Object.entries(config.servers)
    .filter(([, server]) => server.enabled)
    .map(([name]) => name);
  const roles = Object.keys(config.roles);
  return [
    `loaded ${count(servers.length, 'server')}${names(servers)}`,
    `loaded ${count(config.api_keys.length + stored.keys, 'API key')}, ${count(config.agents.length + stored.agents, 'agent')}`,
    `loaded ${count(roles.length, 'role')}${names(roles)}`,
  ];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function names(list: readonly string[]): string {
  return list.length === 0 ? '' : `: ${list.join(', ')}`;
}
