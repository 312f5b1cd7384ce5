import { Option } from 'commander';
import { isCallerCredential, type Caller } from '@smcp/gateway';
import type { Principal } from '@smcp/policy';
import type { Cli } from '../cli/cli.ts';
import { CliError } from '../errors/cli-error.ts';

export interface CredentialOption {
  readonly credentialEnv?: string;
}

export function credentialOption(): Option {
  return new Option(
    '--credential-env <var>',
    'environment variable with your own credential, for servers that want the caller’s',
  );
}

/**
 * The caller for a principal. The credential comes from the environment, because arguments of a process can be read by others.
 *
 * @throws {CliError} `USAGE` when the variable is not set or holds no credential.
 */
export function createCaller(cli: Cli, principal: Principal, { credentialEnv }: CredentialOption): Caller {
  if (credentialEnv === undefined) return { principal, credential: () => undefined };
  const value = Object.hasOwn(cli.io.env, credentialEnv) ? cli.io.env[credentialEnv] : undefined;
  if (value === undefined || !isCallerCredential(value)) {
    throw new CliError(
      'USAGE',
      `The environment variable that --credential-env names ${value === undefined ? 'is not set' : 'holds no credential'}`,
    );
  }
  return { principal, credential: () => value };
}
