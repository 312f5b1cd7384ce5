import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../errors/cli-error.ts';
import { hasCode } from '../errors/has-code.ts';

/**
 * Makes a file for its owner alone, open for writing. Never touches one that exists.
 *
 * @param remedy What to do when there is one already.
 * @throws {CliError} `FILE_EXISTS`, and `FILE_UNWRITABLE` when the folder for it does not exist; other errors of the system as they are.
 */
export async function openNewFile(path: string, remedy: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      throw new CliError('FILE_EXISTS', `${path} exists already and is left as it is`, {
        cause: error,
        remedy,
      });
    }
    const folder = dirname(path);
    if (hasCode(error, 'ENOENT') && !existsSync(folder)) {
      throw new CliError(
        'FILE_UNWRITABLE',
        `The folder ${folder} does not exist, so ${path} cannot be made`,
        {
          cause: error,
          remedy: 'make the folder, or name a file in one that exists',
        },
      );
    }
    throw error;
  }
}
