import { timingSafeEqual } from 'node:crypto';
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RPC_ERRORS } from '@smcp/protocol';
import { singleHeader, type HttpDoor } from '../../door/http/http-door.ts';
import { ifEndpoint } from '../../door/mcp/endpoint.ts';
import { refuse } from '../../door/mcp/refuse.ts';
import { workerOf } from '../worker-ids.ts';
import { forward } from './forward.ts';
import type { HandOver } from './hand-over.ts';
import { INTERNAL } from './internal-headers.ts';

const IDLE_SOCKETS = 64;

export interface WorkerDoorOptions {
  /** Number of this worker. */
  readonly worker: number;
  /** How many workers there are, numbered from 1. */
  readonly workers: number;
  /** Secret of the workers of this start. */
  readonly token: string;
  /** Private socket of a worker. */
  readonly socketPath: (worker: number) => string;
  /** Address of a client that came to this worker first. */
  readonly source: (request: IncomingMessage) => string;
}

/**
 * The ways between the workers of one gateway. Stands before the other doors: a message of a session that another worker has goes there, before anybody is
 * authenticated, and what comes from another worker is let through with the address of its client.
 *
 * A connection is public from the moment it is taken in by `admit`; all others came in on the private socket. Only there, and only with the secret, the internal
 * headers count (A55).
 */
export class WorkerDoor implements HttpDoor, HandOver, Disposable {
  readonly #options: WorkerDoorOptions;
  readonly #token: Buffer;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS });
  readonly #public = new WeakSet<Socket>();
  #inFlight = 0;

  constructor(options: WorkerDoorOptions) {
    this.#options = options;
    this.#token = Buffer.from(options.token);
  }

  /** Messages that other workers are answering through this one. Streams without a message do not count. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Notes that a connection comes from outside. To be called before anything is read from it. */
  admit(socket: Socket): void {
    this.#public.add(socket);
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (this.#isInternal(request)) {
      if (this.#hasToken(request)) {
        return false;
      }
      refuse(response, 403, RPC_ERRORS.invalidRequest, 'Forbidden', { connection: 'close' });
      return true;
    }
    const session = singleHeader(request, 'mcp-session-id');
    const owner = session === undefined ? undefined : this.ownerOf(session);
    if (owner === undefined || ifEndpoint(path) === undefined) {
      return false;
    }
    if (!(await this.pass(request, response, owner))) {
      // What lived in a worker that has ended is gone; its client begins anew.
      const what = 'Session not found: send initialize again';
      refuse(response, 404, RPC_ERRORS.sessionUnknown, what, { connection: 'close' });
    }
    return true;
  }

  /** Address of the client of a request, whichever worker it came to. */
  sourceOf(request: IncomingMessage): string {
    const told =
      this.#isInternal(request) && this.#hasToken(request)
        ? singleHeader(request, INTERNAL.source)
        : undefined;
    return told ?? this.#options.source(request);
  }

  ownerOf(id: string): number | undefined {
    const owner = workerOf(id);
    return owner !== undefined && this.isOther(owner) ? owner : undefined;
  }

  isOther(number: number): boolean {
    const { worker, workers } = this.#options;
    return Number.isSafeInteger(number) && number !== worker && number >= 1 && number <= workers;
  }

  async pass(
    request: IncomingMessage,
    response: ServerResponse,
    worker: number,
    body?: string,
  ): Promise<boolean> {
    const isMessage = request.method === 'POST';
    this.#inFlight += isMessage ? 1 : 0;
    const result = await forward(request, response, {
      socketPath: this.#options.socketPath(worker),
      agent: this.#agent,
      token: this.#options.token,
      source: this.sourceOf(request),
      body,
    });
    this.#inFlight -= isMessage ? 1 : 0;
    if (result === 'lost') {
      const what = 'The process that answered has ended; the request may have run';
      refuse(response, 502, RPC_ERRORS.outcomeUnknown, what, { connection: 'close' });
    }
    return result !== 'absent';
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #isInternal({ socket }: IncomingMessage): boolean {
    return !this.#public.has(socket);
  }

  #hasToken(request: IncomingMessage): boolean {
    const given = Buffer.from(singleHeader(request, INTERNAL.token) ?? '');
    return given.byteLength === this.#token.byteLength && timingSafeEqual(given, this.#token);
  }
}
