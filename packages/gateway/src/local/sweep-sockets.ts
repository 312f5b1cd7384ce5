import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { hasCode } from '../lib/has-code.ts';

/** Folders of local gateways begin so. */
export const SOCKET_FOLDER = 'smcp-local-';
export const SOCKET_FILE = 'socket';

const MAX_LOOKED_AT = 64;

/** Removes the folders of local gateways that were killed: those at whose socket nobody listens any more. What cannot be told, or removed, stays. */
export async function sweepSockets(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const folders = names.filter((name) => name.startsWith(SOCKET_FOLDER)).slice(0, MAX_LOOKED_AT);
  await Promise.all(
    folders.map(async (name) => {
      const folder = join(parent, name);
      if (await isDeserted(join(folder, SOCKET_FILE))) {
        await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      }
    }),
  );
}

/** Whether there is a socket that refuses to be connected to; a folder without one may belong to a gateway that is starting. */
async function isDeserted(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return hasCode(error, 'ECONNREFUSED');
  } finally {
    socket.destroy();
  }
}
