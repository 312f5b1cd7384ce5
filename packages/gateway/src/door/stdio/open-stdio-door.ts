import type { Readable, Writable } from 'node:stream';
import { Agent } from 'undici';
import { createHttpPool } from '../../upstream/http/http-exchange.ts';
import { StdioDoor } from './stdio-door.ts';

export interface StdioDoorPlace {
  readonly input: Readable;
  readonly output: Writable;
  /** Address of the endpoint, such as `http://localhost/code`. */
  readonly url: URL;
  /** Path of the socket behind that address, when it is not one of the network. */
  readonly socket?: string | undefined;
  /** Credential of the client at that endpoint. */
  readonly token: string;
  readonly maxBytes: number;
  readonly onProblem: (message: string) => void;
}

/** Serves one stdio client at an endpoint until its input ends. */
export async function serveStdioClient({ url, socket, token, ...options }: StdioDoorPlace): Promise<void> {
  const pool =
    socket === undefined
      ? createHttpPool()
      : new Agent({ connect: { socketPath: socket }, headersTimeout: 0, bodyTimeout: 0, connections: null });
  try {
    const server = { name: 'smcp', url, headers: { authorization: `Bearer ${token}` }, pool };
    await new StdioDoor({ ...options, server }).serve();
  } finally {
    await pool.close();
  }
}
