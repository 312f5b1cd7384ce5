import {
  configFromDiscovered,
  discoverServers,
  discoveryLines,
  LOCAL_ROLE,
  loadConfig,
  type LoadedConfig,
} from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { placesOf } from './places-of.ts';
import { configFile } from '../configuration/config-option.ts';
import { CliError } from '../errors/cli-error.ts';

export interface LocalOptions {
  readonly config?: string;
  readonly trustProject?: boolean;
}

/** What stands for the user of this machine when nobody asks a gateway: servers, and a role to use them in. */
export interface LocalConfiguration {
  readonly loaded: LoadedConfig;
  /** True when no file was named and the servers are those of other clients. */
  readonly isDiscovered: boolean;
  /**
   * The role that was named, or the only one there is.
   *
   * @throws {CliError} `USAGE` when there are several and none is named, or none of that name.
   */
  role(this: void, named?: string): string;
}

const WEEK_SECONDS = 604_800;

/**
 * The configuration that was named, else one of the servers that are configured in the other programs of this user.
 *
 * @param tell Given a line for each server that was taken or not, and each file that cannot be read.
 * @throws {ConfigError} with every problem of the file.
 */
export async function localConfiguration(
  cli: Cli,
  { config, trustProject }: LocalOptions,
  tell: (line: string) => void = () => undefined,
): Promise<LocalConfiguration> {
  if (config !== undefined) {
    const { env } = cli.io;
    const { vault } = await cli.foundation();
    const secret = async (name: string): Promise<string | undefined> => await vault.get(name);
    const loaded = await loadConfig({ file: configFile(config), env, secret });
    return { loaded, isDiscovered: false, role: (named) => roleOf(loaded, named) };
  }
  const places = placesOf(cli.io, { trustProject: trustProject === true });
  const discovery = await discoverServers(places);
  for (const line of discoveryLines(discovery, places)) tell(cli.out.printable(line));
  const base = { sessions: { idle_seconds: WEEK_SECONDS }, log: { level: 'warn' } };
  const loaded = await configFromDiscovered(discovery.found, { ...places, base });
  return { loaded, isDiscovered: true, role: (named = LOCAL_ROLE) => roleOf(loaded, named) };
}

function roleOf({ config }: LoadedConfig, named: string | undefined): string {
  const roles = Object.keys(config.roles);
  const [only] = roles;
  const role = named ?? (roles.length === 1 ? only : undefined);
  if (role !== undefined && roles.includes(role)) return role;
  throw new CliError(
    'USAGE',
    named === undefined
      ? 'The file has several roles; name yours with --role'
      : `The file has no role ${JSON.stringify(named.slice(0, 64))}`,
    { remedy: `roles of the file: ${roles.join(', ')}` },
  );
}
