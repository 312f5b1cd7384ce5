import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const POLL_MS = 25;

/** Starts listening; the address says which port was given when any was asked for. */
export async function listenOn(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<AddressInfo> {
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
  });
  server.listen(port, host === '' ? undefined : host);
  await Promise.race([once(server, 'listening'), failed]);
  server.removeAllListeners('error');
  return boundAddress(server);
}

/** Listens at a socket in the file system, in a folder that nobody else can enter. */
export async function listenAt(server: Server, path: string): Promise<AddressInfo> {
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
  });
  server.listen(path);
  await Promise.race([once(server, 'listening'), failed]);
  server.removeAllListeners('error');
  return { address: path, family: 'unix', port: 0 };
}

/** What is open at the doors. */
export interface OpenDoors {
  readonly sessions: Disposable;
  readonly listens: Disposable;
  /** Messages that are being answered. */
  readonly inFlight: () => number;
}

/** No new connections; idle ones and streams that only listen end at once, calls in flight get `withinMs`. */
export async function stopServer(
  server: Server,
  { sessions, listens, inFlight }: OpenDoors,
  withinMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  listens[Symbol.dispose]();
  const until = performance.now() + withinMs;
  while (performance.now() < until && inFlight() > 0) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  sessions[Symbol.dispose]();
  server.closeAllConnections();
  await closed;
}

function boundAddress(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('The server is not bound to a network address');
  }
  return address;
}

/** Address for clients on this machine. */
export function localUrl(host: string, port: number): string {
  const name = host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
