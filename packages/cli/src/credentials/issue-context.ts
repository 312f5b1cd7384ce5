import type { Foundation, issueKey, LoadedConfig } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { loadWithoutCredentials } from '../configuration/load.ts';

type IssueContext = Parameters<typeof issueKey>[0];

/** The configuration to check names and roles against; undefined when none was named, as the store alone decides then. */
export async function ifNamedConfig(cli: Cli, named: string | undefined): Promise<LoadedConfig | undefined> {
  return named === undefined ? undefined : (await loadWithoutCredentials(cli, named)).loaded;
}

export function issueContext(
  cli: Cli,
  { issueContext: context }: Foundation,
  loaded: LoadedConfig | undefined,
): IssueContext {
  const common = { ...context, clock: cli.io.now };
  if (loaded === undefined) return common;
  return { ...common, config: { apiKeys: loaded.config.api_keys, agents: loaded.config.agents } };
}

/** A line about roles that the configuration does not have; undefined when it has all, or is not known. */
export function unknownRolesNote(
  roles: readonly string[],
  loaded: LoadedConfig | undefined,
): string | undefined {
  const unknown =
    loaded === undefined ? [] : roles.filter((role) => !Object.hasOwn(loaded.config.roles, role));
  if (unknown.length === 0) return undefined;
  const shown = unknown.map((role) => JSON.stringify(role.slice(0, 64))).join(', ');
  return `warning: the configuration has no role ${shown}; until it does, that role allows nothing`;
}
