import type { SendContext, SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import { readEvents } from './event-stream.ts';
import { exchange, mediaType, type HttpHeaders } from './http-exchange.ts';
import type { HttpServer } from './streamable-transport.ts';

/**
 * The older HTTP+SSE transport: one long stream brings everything; messages are posted to the address that its first event names. That address
 * must be of the same origin, so that credentials go nowhere else.
 */
export class SseTransport implements Transport {
  readonly #server: HttpServer;
  readonly #maxEventBytes: number;
  readonly #closing = new AbortController();
  #events: TransportEvents | undefined;
  #endpoint: URL | undefined;
  #version: string | undefined;

  constructor(server: HttpServer, maxEventBytes: number) {
    this.#server = server;
    this.#maxEventBytes = maxEventBytes;
  }

  async open(events: TransportEvents): Promise<void> {
    const { name, url, pool } = this.#server;
    this.#events = events;
    const answer = await exchange(pool, name, url, {
      method: 'GET',
      headers: this.#headers({ accept: 'text/event-stream' }),
      signal: this.#closing.signal,
    });
    if (answer.status !== 200 || mediaType(answer) !== 'text/event-stream') {
      await answer.body.dump();
      throw new UpstreamError('UPSTREAM_REFUSED', `Server "${name}" answered with HTTP status ${answer.status}`, { status: answer.status });
    }
    await new Promise<void>((resolve, reject) => {
      readEvents(name, answer.body as AsyncIterable<Uint8Array>, this.#maxEventBytes, ({ event, data }) => {
        if (event === 'endpoint') {
          try {
            this.#endpoint ??= sameOrigin(name, data, url);
            resolve();
          } catch (error) {
            reject(error as Error);
          }
        } else if (event === undefined || event === 'message') {
          this.#events?.message(data);
        }
      })
        .then(
          () => new UpstreamError('UPSTREAM_LOST', `Server "${name}" ended its event stream`),
          (cause: unknown) =>
            cause instanceof UpstreamError ? cause : new UpstreamError('UPSTREAM_LOST', `The event stream of server "${name}" broke`, { cause }),
        )
        .then((error) => {
          reject(error);
          if (!this.#closing.signal.aborted) {
            events.close(error);
          }
        })
        .catch(() => undefined);
    });
  }

  ready(protocolVersion: string): void {
    this.#version = protocolVersion;
  }

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
      signal: context.signal ?? this.#closing.signal,
    });
    await answer.body.dump();
    if (answer.status >= 500) {
      throw new UpstreamError('UPSTREAM_LOST', `Server "${name}" answered with HTTP status ${answer.status}`, { status: answer.status });
    }
    if (answer.status >= 300) {
      throw new UpstreamError('UPSTREAM_REFUSED', `Server "${name}" answered with HTTP status ${answer.status}`, { status: answer.status });
    }
    return 'handed-over';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
  }

  #headers(extra: HttpHeaders): HttpHeaders {
    return {
      ...this.#server.headers,
      ...extra,
      ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
    };
  }
}

function sameOrigin(name: string, reference: string, base: URL): URL {
  const endpoint = URL.canParse(reference, base.href) ? new URL(reference, base) : undefined;
  if (endpoint?.origin !== base.origin || endpoint.username !== '' || endpoint.password !== '') {
    throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" names an endpoint outside its own origin`);
  }
  return endpoint;
}
