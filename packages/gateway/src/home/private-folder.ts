import { mkdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from '../lib/has-code.ts';
import { HomeError } from './home-error.ts';

const OTHERS = 0o077;

/**
 * Makes sure that `path` is a folder of ours that nobody else can look into; creates it with mode 0700 when absent. An existing folder is never changed:
 * whoever could read it may already have done so, and the operator should know.
 *
 * @throws {HomeError} `HOME_INSECURE` when others own it or have rights in it, `HOME_UNUSABLE` when it cannot be made or is no folder.
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  let found: Stats;
  try {
    await makeFolders(path);
    found = await stat(path);
  } catch (error) {
    throw new HomeError(
      'HOME_UNUSABLE',
      `State folder ${path} cannot be used`,
      'set SMCP_HOME to a folder you may write',
      {
        cause: error,
      },
    );
  }
  if (!found.isDirectory())
    throw new HomeError(
      'HOME_UNUSABLE',
      `State folder ${path} is not a folder`,
      'set SMCP_HOME to another path',
    );
  checkPrivate(path, found, '700');
}

/** Like `mkdir` with `recursive`, which does not end where a file system refuses new folders with ENOENT, as `/proc` does. */
async function makeFolders(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path; !(await isThere(at)); at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) {
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      // Another process that starts at the same time may have been faster.
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return dirname(path) === path;
  }
}

/** Refuses a file or folder that belongs to another user or gives rights to others. Systems without owners (Windows) pass. */
export function checkPrivate(
  path: string,
  found: Pick<Stats, 'uid' | 'mode'>,
  wantedMode: '600' | '700',
): void {
  const uid = process.geteuid?.();
  if (uid === undefined) return;
  if (found.uid !== uid) {
    throw new HomeError(
      'HOME_INSECURE',
      `${path} belongs to user ${found.uid}, not to ${uid}`,
      'use a folder of your own (SMCP_HOME)',
    );
  }
  if ((found.mode & OTHERS) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(3, '0');
    throw new HomeError(
      'HOME_INSECURE',
      `${path} is open to other users (mode ${mode})`,
      `run: chmod ${wantedMode} ${path}`,
    );
  }
}
