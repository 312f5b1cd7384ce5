import { ConfigError, loadConfig, readTextFile, type LoadedConfig, type ReadFile } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { counted } from '../output/count.ts';
import { configFile } from './config-option.ts';

type Sources = Required<Pick<Parameters<typeof loadConfig>[0], 'env' | 'secret' | 'readFile'>>;

/**
 * Loads a configuration with everything it refers to.
 *
 * @throws {ConfigError} with every problem of the file; {@link CliError} `CONFIG_NOT_FOUND`.
 */
export async function loadFull(cli: Cli, named: string | undefined): Promise<LoadedConfig> {
  return await loadConfig({ file: configFile(named), ...sources(cli) });
}

/**
 * Loads a configuration on a machine that does not have its credentials: what only says how to log in somewhere may be missing, as nothing is started or
 * called with the result. Everything else must be there.
 *
 * @throws {ConfigError} as `loadFull`.
 */
export async function loadWithoutCredentials(
  cli: Cli,
  named: string | undefined,
): Promise<{
  readonly loaded: LoadedConfig;
  /** Places whose value is missing, such as `servers.slack.credentials.headers.Authorization`. */ readonly missing: readonly string[];
}> {
  const file = configFile(named);
  const given = sources(cli);
  try {
    return { loaded: await loadConfig({ file, ...given }), missing: [] };
  } catch (error) {
    if (!(error instanceof ConfigError) || !isMissingCredentialsOnly(error)) throw error;
    const variables = error.problems.flatMap(({ message }) => VARIABLE.exec(message)?.[1] ?? []);
    const loaded = await loadConfig({ file, ...withPlaceholders(given, variables) });
    return { loaded, missing: [...new Set(error.problems.map(({ path }) => path))] };
  }
}

/** One line for people about what `loadWithoutCredentials` went without; undefined when nothing was missing. */
export function missingNote(missing: readonly string[]): string | undefined {
  if (missing.length === 0) return undefined;
  const shown = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ' …' : '');
  return `note: ${counted(missing.length, 'credential is', 'credentials are')} not set here (${shown}); that does not matter for this answer`;
}

function sources(cli: Cli): Sources {
  const { env } = cli.io;
  return {
    env,
    readFile: readTextFile,
    // A machine without state has no secrets; asking would make a state folder.
    secret: async (name) => (cli.hasState ? await (await cli.foundation()).vault.get(name) : undefined),
  };
}

const VARIABLE = /^The environment variable (\S+) is (?:not set|empty)$/;
const CREDENTIAL_PATH =
  /^(?:api_keys\[\d+\]\.key|agents\[\d+\]\.token|servers[.[].+\.(?:credentials\.(?:headers|env)|env)[.[].+|telemetry\.otlp_headers[.[].+)$/;

function isMissingCredentialsOnly({ code, problems }: ConfigError): boolean {
  return code === 'CONFIG_VARIABLE_MISSING' && problems.every(({ path }) => CREDENTIAL_PATH.test(path));
}

/** Every placeholder differs, because two callers with one credential are refused. */
function withPlaceholders(given: Sources, variables: readonly string[]): Sources {
  const placeholder = (name: string): string => `missing-${Buffer.from(name).toString('hex')}`;
  const readFile: ReadFile = async (path, maxBytes) => {
    const reading = await given.readFile(path, maxBytes);
    return reading.ok ? reading : { ok: true, text: placeholder(path) };
  };
  return {
    env: { ...given.env, ...Object.fromEntries(variables.map((name) => [name, placeholder(name)])) },
    readFile,
    secret: async (name) => (await given.secret(name)) ?? placeholder(name),
  };
}
