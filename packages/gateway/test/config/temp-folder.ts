import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for one test, removed when it goes out of scope. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file with exactly this mode and gives its absolute path. */
  write(name: string, text: string | Uint8Array, mode?: number): Promise<string>;
}

export async function makeTempFolder(): Promise<TempFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'smcp-config-')));
  return {
    path,
    async write(name, text, mode = 0o600) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      await chmod(file, mode);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
