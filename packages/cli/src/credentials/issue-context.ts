import { nearest, type Foundation, type issueKey, type LoadedConfig } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { loadWithoutCredentials } from '../configuration/load.ts';
import { CliError } from '../errors/cli-error.ts';

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

/**
 * Refuses a role that the configuration does not have: a token with it would be live, and its rights would be those of whoever defines the role later.
 *
 * @throws {CliError} `ROLE_UNKNOWN`; never when no configuration was named.
 */
export function checkRoles(roles: readonly string[], loaded: LoadedConfig | undefined): void {
  if (loaded === undefined) return;
  const known = Object.keys(loaded.config.roles);
  const unknown = roles.find((role) => !known.includes(role));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new CliError(
    'ROLE_UNKNOWN',
    `The configuration has no role ${JSON.stringify(unknown.slice(0, 64))}; nothing was made`,
    { remedy: meant === undefined ? rolesLine(known) : `did you mean ${JSON.stringify(meant)}?` },
  );
}

function rolesLine(known: readonly string[]): string {
  if (known.length === 0) return 'it has no roles at all; add one below "roles"';
  return `it has: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`;
}
