import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the address of a Unix socket may take on every system, with the zero at its end: 104 bytes on macOS, 108 on Linux. */
const MAX_PATH_BYTES = 103;
const LONGEST_NAME = '64.sock';

/** A folder for the private sockets of the workers, closed to other users. Removed with everything in it when disposed. */
export interface SocketFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes the folder, in place of one that a killed gateway left.
 *
 * @param wanted Where it should be. When addresses in it would be too long, it is made with an unguessable name in the folder for temporary files.
 */
export async function makeSocketFolder(wanted: string): Promise<SocketFolder> {
  const path = await makeFolder(wanted);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** The private socket of a worker. */
export function socketPath(folder: string, worker: number): string {
  return join(folder, `${worker}.sock`);
}

async function makeFolder(wanted: string): Promise<string> {
  await rm(wanted, { recursive: true, force: true });
  if (Buffer.byteLength(join(wanted, LONGEST_NAME)) > MAX_PATH_BYTES) {
    return await mkdtemp(join(tmpdir(), 'smcp-'));
  }
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  return wanted;
}
