import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Connections that may wait for the first worker, and how long each does. */
const MAX_WAITING = 1024;
const WAIT_MS = 10_000;

/** Whoever can take a connection over. */
export interface ConnectionTaker {
  /** Takes over the connection, of which nothing has been read. */
  connect(socket: Socket): void;
}

/**
 * Listens for all workers and deals connections out in turn, so that each worker has as many as the others. Connections that come while no worker is there wait for
 * one a while. The address stays taken until this is disposed, whatever happens to workers.
 */
export class ConnectionDealer implements AsyncDisposable {
  readonly address: AddressInfo;
  readonly #server: Server;
  readonly #takers: ConnectionTaker[] = [];
  readonly #waiting = new Set<Socket>();

  private constructor(server: Server, address: AddressInfo) {
    this.#server = server;
    this.address = address;
    server.on('connection', (socket) => {
      socket.on('error', () => {
        socket.destroy();
      });
      this.#deal(socket);
    });
  }

  /** @throws {Error} Of the system, when it cannot listen there. */
  static async listen({
    host,
    port,
  }: {
    readonly host: string;
    readonly port: number;
  }): Promise<ConnectionDealer> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    server.listen(port, host === '' ? undefined : host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') {
      throw new TypeError('The server is not bound to a network address');
    }
    return new ConnectionDealer(server, address);
  }

  /** From now on this one gets connections, too. */
  add(taker: ConnectionTaker): void {
    this.#takers.push(taker);
    for (const socket of this.#waiting) {
      this.#waiting.delete(socket);
      socket.setTimeout(0);
      this.#deal(socket);
    }
  }

  remove(taker: ConnectionTaker): void {
    const at = this.#takers.indexOf(taker);
    if (at !== -1) {
      this.#takers.splice(at, 1);
    }
  }

  /** Takes no more connections; those that were dealt out are not ours. */
  close(): void {
    this.#server.close();
    for (const socket of this.#waiting) {
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await Promise.resolve();
  }

  #deal(socket: Socket): void {
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      this.#takers.push(taker);
      taker.connect(socket);
    } else if (this.#waiting.size < MAX_WAITING && this.#server.listening) {
      this.#wait(socket);
    } else {
      socket.destroy();
    }
  }

  #wait(socket: Socket): void {
    this.#waiting.add(socket);
    socket.once('close', () => {
      this.#waiting.delete(socket);
    });
    socket.setTimeout(WAIT_MS, () => {
      socket.destroy();
    });
  }
}
