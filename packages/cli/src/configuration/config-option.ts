import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { CliError } from '../errors/cli-error.ts';

const USUAL_PLACES = ['smcp.yaml', '/etc/smcp/smcp.yaml'] as const;

export interface ConfigOption {
  readonly config?: string;
}

export function configOption(): Option {
  return new Option('-c, --config <file>', `configuration file (default: ./${USUAL_PLACES.join(', then ')})`);
}

/**
 * The configuration file that was named, else the first that exists in the usual places.
 *
 * @throws {CliError} `CONFIG_NOT_FOUND`
 */
export function configFile(named: string | undefined): string {
  const file = named ?? USUAL_PLACES.find((place) => existsSync(place));
  if (file !== undefined) return file;
  throw new CliError(
    'CONFIG_NOT_FOUND',
    `There is no configuration file: neither ${USUAL_PLACES.join(' nor ')} exists`,
    {
      remedy: 'name one with --config FILE, or make one with: smcp config init',
    },
  );
}
