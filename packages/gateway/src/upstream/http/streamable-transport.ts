import type { SendContext, SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { readAnswerStream } from './answer-stream.ts';
import {
  discard,
  exchange,
  mediaType,
  readBody,
  readErrorBody,
  type HttpAnswer,
  type HttpHeaders,
  type HttpServer,
} from './http-exchange.ts';
import { listenForEvents } from './listen-stream.ts';

const END_SESSION_MS = 1000;
const SESSION_ID = /^[\u0021-\u007e]{1,1024}$/;

/**
 * Streamable HTTP of the revisions with sessions: each message is a POST; its answer is one JSON body or a stream of events; a GET stream brings
 * what the server says on its own.
 */
export class StreamableTransport implements Transport {
  readonly #server: HttpServer;
  readonly #closing = new AbortController();
  #events: TransportEvents | undefined;
  #session: string | undefined;
  #version: string | undefined;

  constructor(server: HttpServer) {
    this.#server = server;
  }

  async open(events: TransportEvents): Promise<void> {
    this.#events = events;
  }

  ready(protocolVersion: string): void {
    this.#version = protocolVersion;
  }

  listen(): void {
    void listenForEvents(this.#closing.signal, {
      name: this.#server.name,
      get: async (lastEventId) => await this.#get(lastEventId, this.#closing.signal),
      message: (text) => {
        this.#events?.message(text);
      },
    });
  }

  diagnosis(): string {
    return '';
  }

  async send(text: string, context: SendContext): Promise<SendResult> {
    const { name, url, pool } = this.#server;
    const answer = await exchange(pool, name, url, {
      method: 'POST',
      headers: this.#headers({
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      }),
      body: text,
      signal: context.signal,
    });
    if (answer.status < 200 || answer.status >= 300) {
      await this.#refuse(answer);
    }
    if (this.#version === undefined) {
      await this.#keepSession(answer);
    }
    await this.#receive(answer, context);
    return 'ended';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { name, url, pool } = this.#server;
    this.#closing.abort();
    if (this.#session === undefined) {
      return;
    }
    const headers = this.#headers({});
    this.#session = undefined;
    try {
      await discard(
        await exchange(pool, name, url, {
          method: 'DELETE',
          headers,
          signal: AbortSignal.timeout(END_SESSION_MS),
        }),
      );
    } catch {
      // The server forgets the session by itself in time; ending it early is a courtesy.
    }
  }

  #headers(extra: HttpHeaders): HttpHeaders {
    return {
      ...this.#server.headers,
      ...extra,
      ...(this.#session === undefined ? {} : { 'mcp-session-id': this.#session }),
      ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
    };
  }

  async #get(lastEventId: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { name, url, pool } = this.#server;
    return await exchange(pool, name, url, {
      method: 'GET',
      headers: this.#headers({
        accept: 'text/event-stream',
        ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
      }),
      signal,
    });
  }

  /** The handshake is the one exchange in which a server may name a session. */
  async #keepSession(answer: HttpAnswer): Promise<void> {
    const session = answer.headers['mcp-session-id'];
    if (session === undefined) {
      return;
    }
    if (typeof session !== 'string' || !SESSION_ID.test(session)) {
      await discard(answer);
      throw new UpstreamError(
        'UPSTREAM_PROTOCOL',
        `Server "${this.#server.name}" names a session that cannot be sent back`,
      );
    }
    this.#session = session;
  }

  async #receive(answer: HttpAnswer, context: SendContext): Promise<void> {
    const { name } = this.#server;
    const { id } = context;
    if (id === undefined) {
      await discard(answer);
      return;
    }
    const type = mediaType(answer);
    if (type === 'application/json') {
      this.#events?.message(await readBody(name, answer, context.maxBytes), id);
    } else if (type === 'text/event-stream') {
      await readAnswerStream(answer, {
        name,
        maxBytes: context.maxBytes,
        isPending: context.isPending,
        signal: context.signal,
        resume: async (lastEventId) => await this.#get(lastEventId, context.signal),
        message: (text) => {
          this.#events?.message(text, id);
        },
      });
    } else {
      await discard(answer);
      throw new UpstreamError(
        'UPSTREAM_PROTOCOL',
        `Server "${name}" answered with media type "${type.slice(0, 80)}"`,
      );
    }
  }

  async #refuse(answer: HttpAnswer): Promise<never> {
    const { name } = this.#server;
    const { status } = answer;
    const body = await readErrorBody(name, answer);
    if (this.#session !== undefined && (status === 404 || (status === 400 && /session/i.test(body)))) {
      throw new UpstreamError('UPSTREAM_SESSION_LOST', `Server "${name}" no longer knows the session`, {
        status,
      });
    }
    if (status >= 500) {
      // A proxy in front of it may have passed the call on before it gave up.
      throw new UpstreamError('UPSTREAM_LOST', `Server "${name}" answered with HTTP status ${status}`, {
        status,
      });
    }
    throw new UpstreamError('UPSTREAM_REFUSED', `Server "${name}" answered with HTTP status ${status}`, {
      status,
    });
  }
}
