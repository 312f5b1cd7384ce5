import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { SendContext, SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { readEvents } from './event-stream.ts';
import { exchange, mediaType, readBody, readErrorBody, type HttpAnswer, type HttpHeaders } from './http-exchange.ts';

const STREAM_MAX_EVENT_BYTES = 1024 * 1024;
const STREAM_RETRY_MS = [500, 1000, 2000, 5000, 10_000, 30_000] as const;
const END_SESSION_MS = 2000;
const RESUME_ATTEMPTS = 5;
const RESUME_PAUSE_MS = 250;

export interface HttpServer {
  readonly name: string;
  readonly url: URL;
  /** Credentials and other headers of every request to this server. */
  readonly headers: HttpHeaders;
  readonly pool: Dispatcher;
}

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
    void this.#listen();
  }

  diagnosis(): string {
    return '';
  }

  async send(text: string, context: SendContext): Promise<SendResult> {
    const { name, url, pool } = this.#server;
    const answer = await exchange(pool, name, url, {
      method: 'POST',
      headers: this.#headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' }),
      body: text,
      signal: context.id === undefined ? this.#closing.signal : context.signal,
    });
    if (answer.status < 200 || answer.status >= 300) {
      await this.#refuse(answer);
    }
    const session = answer.headers['mcp-session-id'];
    if (typeof session === 'string' && this.#version === undefined) {
      this.#session = session;
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
    try {
      const answer = await exchange(pool, name, url, {
        method: 'DELETE',
        headers: this.#headers({}),
        signal: AbortSignal.timeout(END_SESSION_MS),
      });
      await answer.body.dump();
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

  async #receive(answer: HttpAnswer, context: SendContext): Promise<void> {
    const { name } = this.#server;
    if (context.id === undefined) {
      await answer.body.dump();
      return;
    }
    const type = mediaType(answer);
    if (type === 'application/json') {
      this.#events?.message(await readBody(name, answer, context.maxBytes), context.id);
    } else if (type === 'text/event-stream') {
      await this.#receiveEvents(answer, context);
    } else {
      await answer.body.dump();
      throw new UpstreamError('UPSTREAM_PROTOCOL', `Server "${name}" answered with media type "${type.slice(0, 80)}"`);
    }
  }

  /** Reads the answer stream of one request; when it ends early but gave event ids, goes on where it stopped. */
  async #receiveEvents(first: HttpAnswer, context: SendContext): Promise<void> {
    const { name, url, pool } = this.#server;
    let answer = first;
    let lastEventId = '';
    let retryMs = RESUME_PAUSE_MS;
    for (let attempt = 0; attempt <= RESUME_ATTEMPTS; attempt += 1) {
      await readEvents(name, answer.body as AsyncIterable<Uint8Array>, context.maxBytes, ({ id, data }) => {
        lastEventId = id ?? lastEventId;
        if (data !== '') {
          this.#events?.message(data, context.id);
        }
      });
      if (lastEventId === '' || context.isPending?.() !== true) {
        return;
      }
      await sleep(retryMs, undefined, { ref: false });
      retryMs *= 2;
      answer = await exchange(pool, name, url, {
        method: 'GET',
        headers: this.#headers({ accept: 'text/event-stream', 'last-event-id': lastEventId }),
        signal: context.signal,
      });
      if (answer.status !== 200 || mediaType(answer) !== 'text/event-stream') {
        await answer.body.dump();
        return;
      }
    }
  }

  async #refuse(answer: HttpAnswer): Promise<never> {
    const { name } = this.#server;
    const { status } = answer;
    const body = await readErrorBody(name, answer);
    if (this.#session !== undefined && (status === 404 || (status === 400 && /session/i.test(body)))) {
      throw new UpstreamError('UPSTREAM_SESSION_LOST', `Server "${name}" no longer knows the session`, { status });
    }
    if (status >= 500) {
      // A proxy in front of it may have passed the call on before it gave up.
      throw new UpstreamError('UPSTREAM_LOST', `Server "${name}" answered with HTTP status ${status}`, { status });
    }
    throw new UpstreamError('UPSTREAM_REFUSED', `Server "${name}" answered with HTTP status ${status}`, { status });
  }

  /** Keeps one stream open for what the server says on its own, until disposed or the server says that it has none. */
  async #listen(): Promise<void> {
    const { name, url, pool } = this.#server;
    const { signal } = this.#closing;
    let failures = 0;
    let lastEventId = '';
    while (!signal.aborted) {
      try {
        const answer = await exchange(pool, name, url, {
          method: 'GET',
          headers: this.#headers({ accept: 'text/event-stream', ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }) }),
          signal,
        });
        if (answer.status !== 200 || mediaType(answer) !== 'text/event-stream') {
          await answer.body.dump();
          return;
        }
        failures = 0;
        await readEvents(name, answer.body as AsyncIterable<Uint8Array>, STREAM_MAX_EVENT_BYTES, (event) => {
          lastEventId = event.id ?? lastEventId;
          this.#events?.message(event.data);
        });
      } catch {
        // A broken stream is opened again below; calls notice a dead server by themselves.
      }
      const pauseMs = STREAM_RETRY_MS[Math.min(failures, STREAM_RETRY_MS.length - 1)];
      failures += 1;
      await sleep(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }
}
