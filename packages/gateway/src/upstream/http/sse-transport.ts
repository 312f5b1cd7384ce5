import type { SendContext, SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { readEvents } from './event-stream.ts';
import {
  discard,
  exchange,
  isEventStream,
  type HttpAnswer,
  type HttpHeaders,
  type HttpServer,
} from './http-exchange.ts';

/**
 * The older HTTP+SSE transport: one long stream brings everything; messages are posted to the address that its first event names. That address
 * must be of the same origin, so that credentials go nowhere else.
 */
export class SseTransport implements Transport {
  readonly #server: HttpServer;
  readonly #maxEventBytes: number;
  readonly #closing = new AbortController();
  #endpoint: URL | undefined;
  #version: string | undefined;

  constructor(server: HttpServer, maxEventBytes: number) {
    this.#server = server;
    this.#maxEventBytes = maxEventBytes;
  }

  async open(events: TransportEvents): Promise<void> {
    const { name, url, pool } = this.#server;
    const answer = await exchange(pool, name, url, {
      method: 'GET',
      headers: this.#headers({ accept: 'text/event-stream' }),
      signal: this.#closing.signal,
    });
    if (!isEventStream(answer)) {
      await discard(answer);
      throw refusal(name, answer.status);
    }
    const { promise: named, resolve, reject } = Promise.withResolvers<void>();
    void this.#read(answer, events, resolve, reject).then((error) => {
      reject(error);
      if (!this.#closing.signal.aborted) {
        events.close(error);
      }
    });
    await named;
  }

  ready(protocolVersion: string): void {
    this.#version = protocolVersion;
  }

  // The one stream has been open from the start.
  listen(): void {}

  diagnosis(): string {
    return '';
  }

  async send(text: string, context: SendContext): Promise<SendResult> {
    const { name, pool } = this.#server;
    if (this.#endpoint === undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" has not named its endpoint`);
    }
    const answer = await exchange(pool, name, this.#endpoint, {
      method: 'POST',
      headers: this.#headers({ 'content-type': 'application/json' }),
      body: text,
      signal: context.signal,
    });
    await discard(answer);
    if (answer.status >= 500) {
      // A proxy in front of it may have passed the call on before it gave up.
      throw new UpstreamError(
        'UPSTREAM_LOST',
        `Server "${name}" answered with HTTP status ${answer.status}`,
        { status: answer.status },
      );
    }
    if (answer.status >= 300) {
      throw refusal(name, answer.status);
    }
    return 'handed-over';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
  }

  /** Reads the stream to its end and tells why it ended. Never rejects. */
  async #read(
    answer: HttpAnswer,
    events: TransportEvents,
    onNamed: () => void,
    onRefused: (error: unknown) => void,
  ): Promise<UpstreamError> {
    const { name, url } = this.#server;
    try {
      await readEvents(name, answer.body as AsyncIterable<Uint8Array>, this.#maxEventBytes, {
        onEvent: ({ event, data }) => {
          if (event === undefined || event === 'message') {
            events.message(data);
          } else if (event === 'endpoint' && this.#endpoint === undefined) {
            this.#endpoint = ifSameOrigin(data, url);
            if (this.#endpoint === undefined) {
              onRefused(
                new UpstreamError(
                  'UPSTREAM_UNAVAILABLE',
                  `Server "${name}" names an endpoint outside its own origin`,
                ),
              );
            } else {
              onNamed();
            }
          }
        },
      });
      return new UpstreamError('UPSTREAM_LOST', `Server "${name}" ended its event stream`);
    } catch (cause) {
      // Whichever message was too large, every call on this stream has lost its way back.
      const why =
        cause instanceof UpstreamError ? cause.message : `The event stream of server "${name}" broke`;
      return new UpstreamError('UPSTREAM_LOST', why, { cause });
    }
  }

  #headers(extra: HttpHeaders): HttpHeaders {
    return {
      ...this.#server.headers,
      ...extra,
      ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
    };
  }
}

function refusal(name: string, status: number): UpstreamError {
  return new UpstreamError('UPSTREAM_REFUSED', `Server "${name}" answered with HTTP status ${status}`, {
    status,
  });
}

function ifSameOrigin(reference: string, base: URL): URL | undefined {
  const endpoint = URL.parse(reference, base.href);
  return endpoint?.origin === base.origin && endpoint.username === '' && endpoint.password === ''
    ? endpoint
    : undefined;
}
