import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Places } from '@smcp/gateway';
import type { Io } from '../cli/io.ts';

/** Where to look for the servers of other clients: the home folder of the environment, and `folder` or the working folder. */
export function placesOf(
  { env }: Pick<Io, 'env'>,
  options: { readonly folder?: string; readonly trustProject?: boolean } = {},
): Places {
  const home = process.platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  return {
    home: home === undefined || home === '' ? homedir() : resolve(home),
    cwd: resolve(options.folder ?? process.cwd()),
    env,
    platform: process.platform,
    trustProject: options.trustProject === true,
  };
}
