import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Looks for an executable in folders, first found first.
 *
 * @param folders As in `PATH`; entries that are not absolute are passed over, for they depend on where we happen to stand.
 */
export async function ifExecutable(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if (path.isAbsolute(folder)) {
      const file = path.join(folder, name);
      if (await isExecutable(file)) {
        return file;
      }
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there, or not for us.
    return false;
  }
}
