import { untilSignal, type Exchange } from '../exchange.ts';
import type { SendResult, Transport, TransportEvents } from '../transport.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { exchange, flatHeaders, toTarget, type HttpHeaders, type HttpServer } from './http-exchange.ts';
import { toStatusFailure } from './http-failure.ts';

/**
 * The older HTTP+SSE transport: one long stream brings everything; messages are posted to the address that its first event names. That address
 * must be of the same origin, so that credentials go nowhere else.
 */
export class SseTransport implements Transport {
  readonly #server: HttpServer;
  readonly #maxEventBytes: number;
  readonly #closing = new AbortController();
  #endpoint: ReturnType<typeof toTarget> | undefined;
  #version: string | undefined;

  constructor(server: HttpServer, maxEventBytes: number) {
    this.#server = server;
    this.#maxEventBytes = maxEventBytes;
  }

  async open(events: TransportEvents): Promise<void> {
    const { name, url } = this.#server;
    const answer = await exchange(this.#server, toTarget(url), {
      method: 'GET',
      headers: this.#headers({ accept: 'text/event-stream' }),
      until: untilSignal(this.#closing.signal),
    });
    if (!answer.isEventStream) {
      await answer.discard();
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

  async send(text: string, sent: Exchange): Promise<SendResult> {
    const { name } = this.#server;
    if (this.#endpoint === undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" has not named its endpoint`);
    }
    const answer = await exchange(this.#server, this.#endpoint, {
      method: 'POST',
      headers: this.#headers({ 'content-type': 'application/json' }),
      body: text,
      until: sent,
    });
    await answer.discard();
    if (answer.status >= 300) {
      throw toStatusFailure(name, answer.status);
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
      await answer.readEvents(this.#maxEventBytes, {
        onEvent: ({ event, data }) => {
          if (event === undefined || event === 'message') {
            events.message(data);
          } else if (event === 'endpoint' && this.#endpoint === undefined) {
            const endpoint = ifSameOrigin(data, url);
            if (endpoint === undefined) {
              onRefused(
                new UpstreamError(
                  'UPSTREAM_UNAVAILABLE',
                  `Server "${name}" names an endpoint outside its own origin`,
                ),
              );
            } else {
              this.#endpoint = toTarget(endpoint);
              onNamed();
            }
          }
        },
      });
      return new UpstreamError('UPSTREAM_LOST', `Server "${name}" ended its event stream`);
    } catch (cause) {
      // Whichever message was too large, every call on this stream has lost its way back.
      const why =
        cause instanceof UpstreamError && cause.code === 'UPSTREAM_TOO_LARGE'
          ? cause.message
          : `The event stream of server "${name}" broke`;
      return new UpstreamError('UPSTREAM_LOST', why, { cause });
    }
  }

  #headers(extra: Readonly<Record<string, string>>): HttpHeaders {
    return flatHeaders(
      this.#server.headers,
      extra,
      this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version },
    );
  }
}

// Nothing was asked of it yet, so that even its own failures mean that nothing ran.
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
