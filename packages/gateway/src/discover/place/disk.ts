import { access, readdir } from 'node:fs/promises';
import { readTextFile, type ReadFile } from '../../config/file-reader.ts';
import { hasCode } from '../../lib/has-code.ts';

/** What discovery asks of the file system. Never throws. */
export interface Disk {
  readonly readFile: ReadFile;
  /** Names of the entries of a folder in the order of their characters; undefined when there is no such folder, an error when it cannot be read. */
  listFolder(path: string): Promise<readonly string[] | undefined | Error>;
  exists(path: string): Promise<boolean>;
}

export const realDisk: Disk = {
  readFile: readTextFile,
  listFolder: async (path) => {
    try {
      return (await readdir(path)).toSorted();
    } catch (error) {
      if (isMissing(error)) return undefined;
      return error instanceof Error ? error : new Error('The folder cannot be read', { cause: error });
    }
  },
  exists: async (path) =>
    await access(path).then(
      () => true,
      () => false,
    ),
};

/** Whether nothing stands at a path, which is the ordinary case and no problem. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}
