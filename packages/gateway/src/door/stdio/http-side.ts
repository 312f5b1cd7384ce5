import { isJsonObject, META, MODERN_VERSIONS, readJson, type JsonObject } from '@smcp/protocol';
import { Exchange } from '../../upstream/exchange.ts';
import type { HttpServer } from '../../upstream/http/http-exchange.ts';
import { ModernTransport } from '../../upstream/http/modern-transport.ts';
import { StreamableTransport } from '../../upstream/http/streamable-transport.ts';
import type { OutgoingRequest } from '../../upstream/index.ts';
import type { Transport, TransportEvents } from '../../upstream/transport.ts';
import { UpstreamError } from '../../upstream/upstream-error.ts';

export interface HttpSideEvents {
  /** A message for the client; `id` is that of the request on whose answer it came. */
  message(text: string, id: number | undefined): void;
}

export interface SentRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly isModern: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** The way from one stdio client to an endpoint over HTTP: requests that describe themselves each by itself, all others in the session of that client. */
export class HttpSide implements AsyncDisposable {
  readonly #server: HttpServer;
  readonly #maxBytes: number;
  readonly #events: HttpSideEvents;
  readonly #open = new Map<number, { readonly exchange: Exchange; readonly transport: Transport }>();
  /** Requests that something came for; what comes for one may be progress as well, and its answer comes last. */
  readonly #answered = new Set<number>();
  /** Those that the client does not wait for any more; it is told nothing of them. */
  readonly #cancelled = new Set<number>();
  readonly #incoming: TransportEvents = {
    message: (text, id) => {
      if (id !== undefined) {
        this.#answered.add(id);
      }
      if (id !== undefined && id === this.#handshake) {
        this.#agree(text);
      }
      this.#events.message(text, id);
    },
    tooLarge: () => undefined,
    close: () => undefined,
  };
  #session: StreamableTransport | undefined;
  #handshake: number | undefined;

  constructor(server: HttpServer, maxBytes: number, events: HttpSideEvents) {
    this.#server = server;
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  /**
   * Sends a request; resolves when whatever was to come for it has come.
   *
   * @param text The request with `id` as its id.
   * @throws {UpstreamError}
   */
  async request(id: number, text: string, { method, params, isModern }: SentRequest): Promise<void> {
    if (method === 'initialize') {
      await this.#session?.[Symbol.asyncDispose]();
      this.#session = new StreamableTransport(this.#server);
    }
    const transport = isModern ? await this.#modern(params) : this.#session;
    if (transport === undefined) {
      throw new UpstreamError('UPSTREAM_REFUSED', 'The client has to send "initialize" first');
    }
    if (method === 'initialize') {
      this.#handshake = id;
    }
    await transport.open(this.#incoming);
    const exchange = new Exchange({
      id,
      request: asOutgoing(method, params, text),
      maxBytes: this.#maxBytes,
      dueAt: Infinity,
    });
    this.#open.set(id, { exchange, transport });
    try {
      await transport.send(text, exchange);
    } catch (error) {
      if (!exchange.isAborted) {
        throw error;
      }
    } finally {
      this.#open.delete(id);
    }
    const isCancelled = this.#cancelled.delete(id) || exchange.isAborted;
    if (!this.#answered.delete(id) && !isCancelled) {
      throw new UpstreamError('UPSTREAM_LOST', 'The gateway ended the request without an answer');
    }
  }

  /** Sends a notification, or an answer of the client. */
  async tell(text: string, method?: string): Promise<void> {
    const session = this.#session;
    if (session === undefined) {
      // A client of the modern era has nothing to tell that HTTP would carry.
      return;
    }
    await session.send(
      text,
      new Exchange({ id: undefined, request: undefined, maxBytes: this.#maxBytes, dueAt: Infinity }),
    );
    if (method === 'notifications/initialized') {
      session.listen();
    }
  }

  /** Ends a request that is under way. */
  async cancel(id: number, notification: string): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) {
      return;
    }
    this.#cancelled.add(id);
    if (open.transport instanceof StreamableTransport) {
      await this.tell(notification);
    } else {
      open.exchange.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { exchange } of this.#open.values()) {
      exchange.abort();
    }
    await this.#session?.[Symbol.asyncDispose]();
  }

  async #modern(params: JsonObject): Promise<Transport> {
    const meta = params['_meta'];
    const claimed = isJsonObject(meta) ? meta[META.protocolVersion] : undefined;
    return new ModernTransport(this.#server, typeof claimed === 'string' ? claimed : MODERN_VERSIONS[0]);
  }

  #agree(answer: string): void {
    const { value } = readJson(answer, { maxLength: this.#maxBytes, maxDepth: 512, maxNodes: 1_000_000 });
    const result = isJsonObject(value) ? value['result'] : undefined;
    const version = isJsonObject(result) ? result['protocolVersion'] : undefined;
    if (typeof version === 'string') {
      this.#session?.ready(version);
    }
  }
}

function asOutgoing(method: string, params: JsonObject, text: string): OutgoingRequest {
  const key = NAMED[method];
  const name = key === undefined ? undefined : params[key];
  return { method, name: typeof name === 'string' ? name : undefined, encode: () => text };
}
