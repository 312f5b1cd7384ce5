import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { Option } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { CliError } from '../../errors/cli-error.ts';

export interface GatewayOptions {
  readonly url: string;
  readonly tokenEnv: string;
  readonly owner?: string;
}

export function gatewayOptions(): readonly Option[] {
  return [
    new Option('--url <address>', 'address of the gateway').default('http://127.0.0.1:8080'),
    new Option('--token-env <var>', 'environment variable with your key').default('SMCP_TOKEN'),
    new Option(
      '--owner <principal>',
      'sessions of somebody else, such as key:alice, or "*" for all; needs smcp:manage_sessions',
    ),
  ];
}

const TIMEOUT_MS = 10_000;

/**
 * Asks a running gateway about script sessions; gives what it answered, or undefined when there is no such session.
 *
 * @throws {CliError} `USAGE`, `SERVER_UNREACHABLE`.
 */
export async function askSessions(
  cli: Cli,
  { url, tokenEnv, owner }: GatewayOptions,
  method: 'GET' | 'DELETE',
  name?: string,
): Promise<JsonObject | undefined> {
  const token = cli.io.env[tokenEnv];
  if (token === undefined || token === '') {
    throw new CliError('USAGE', `The environment variable ${tokenEnv} is not set`, {
      remedy: 'put your key for the gateway into it, or name another with --token-env',
    });
  }
  const address = URL.parse(`/code/sessions${name === undefined ? '' : `/${encodeURIComponent(name)}`}`, url);
  if (address === null) throw new CliError('USAGE', '--url must be an address such as http://127.0.0.1:8080');
  if (owner !== undefined) address.searchParams.set('owner', owner);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new CliError('SERVER_UNREACHABLE', `The gateway at ${address.origin} does not answer`, {
      cause: error,
    });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 404) return undefined;
  if (!response.ok || !isJsonObject(body)) {
    throw new CliError(
      'SERVER_UNREACHABLE',
      `The gateway at ${address.origin} answered with status ${response.status}`,
      {
        remedy:
          response.status === 401
            ? `check the key in ${tokenEnv}`
            : 'is code mode on? it needs code_mode in the configuration',
      },
    );
  }
  return body;
}
