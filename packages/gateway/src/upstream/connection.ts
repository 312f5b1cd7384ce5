import type { ClassifiedMessage, JsonObject, JsonValue, RequestId, RpcResponse } from '@smcp/protocol';
import { HANDSHAKE_VERSIONS } from './protocol-version.ts';
import { readMessage } from './read-message.ts';
import { readDescription, type ServerDescription } from './server-description.ts';
import type { SendContext, SendResult, Transport } from './transport.ts';
import { UpstreamError } from './upstream-error.ts';

/** An answer as it came: `text` still has our own id, `message` is the same text parsed once. */
export interface UpstreamReply {
  readonly text: string;
  readonly message: RpcResponse;
}

export interface RequestOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Progress of this request, and log messages on its own answer stream. Must not throw. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
}

export interface ConnectionEvents {
  /** A notification that belongs to no request of ours in particular. Must not throw. */
  notification(method: string, params: JsonObject): void;
  close(error: UpstreamError): void;
}

/** One message on its way out, with what ends it early. */
interface Exchange {
  readonly controller: AbortController;
  deadline: NodeJS.Timeout | undefined;
}

interface Pending {
  readonly options: RequestOptions;
  readonly resolve: (reply: UpstreamReply) => void;
  readonly reject: (error: UpstreamError) => void;
  readonly timer: NodeJS.Timeout;
  readonly exchange: Exchange;
  readonly onAbort: () => void;
}

type Response = Extract<ClassifiedMessage, { kind: 'response' }>;

const EMPTY: JsonObject = Object.freeze({});
const SMALL_ANSWER_BYTES = 64 * 1024;
/** How long an answer stream may stay open once the answer has come: its end mostly follows at once, and then the socket can be used again. */
const LINGER_MS = 500;
/** How long a notification, or an answer of ours, may take. */
const ASIDE_TIMEOUT_MS = 10_000;
/** Answers of ours under way at the same time; a server that asks for more gets none. */
const MAX_ANSWERING = 32;

/**
 * One session with one upstream server over any transport: handshake, our own request ids, deadlines, cancellation, and answers to what the server
 * asks of us. Never sends a request twice. A request settles exactly once; a late answer is dropped.
 */
export class Connection implements AsyncDisposable {
  readonly #name: string;
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #pending = new Map<number, Pending>();
  readonly #exchanges = new Set<Exchange>();
  #nextId = 1;
  #answering = 0;
  #closed: UpstreamError | undefined;
  #description: ServerDescription | undefined;

  constructor(name: string, transport: Transport, events: ConnectionEvents) {
    this.#name = name;
    this.#transport = transport;
    this.#events = events;
  }

  get description(): ServerDescription {
    if (this.#description === undefined) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#name}" has not finished its handshake`,
      );
    }
    return this.#description;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  get pid(): number | undefined {
    return this.#transport.pid;
  }

  diagnosis(): string {
    return this.#transport.diagnosis();
  }

  /** Opens the transport and shakes hands, all within `limits.timeoutMs`. After a failure the owner has to dispose. */
  async open(
    clientInfo: { readonly name: string; readonly version: string },
    limits: RequestOptions,
  ): Promise<void> {
    const { signal, timeoutMs } = limits;
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(
        new UpstreamError('UPSTREAM_TIMEOUT', `Server "${this.#name}" was not ready within ${timeoutMs} ms`),
      );
    }, timeoutMs);
    const onAbort = (): void => {
      reject(new UpstreamError('UPSTREAM_CANCELLED', `Starting server "${this.#name}" was given up`));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) {
      onAbort();
    }
    try {
      await Promise.race([this.#shakeHands(clientInfo, limits), givenUp]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Sends one request and waits for its answer.
   *
   * @param encode Makes the JSON text for the id it is given; that id is also the progress token of the request on this hop.
   * @throws {UpstreamError} whose `mayHaveRun` says whether the server may have acted.
   */
  async request(
    method: string,
    encode: (id: number) => string,
    options: RequestOptions,
  ): Promise<UpstreamReply> {
    if (this.#closed !== undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', this.#closed.message);
    }
    if (options.signal?.aborted === true) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent');
    }
    const id = this.#nextId++;
    const text = encode(id);
    return await new Promise<UpstreamReply>((resolve, reject) => {
      this.#start(method, id, text, { options, resolve, reject });
    });
  }

  async notify(method: string, params: JsonObject): Promise<void> {
    await this.#sendAside(
      JSON.stringify({ jsonrpc: '2.0', method, ...(params === EMPTY ? {} : { params }) }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#failAll(
      new UpstreamError('UPSTREAM_LOST', `Connection to server "${this.#name}" was closed by the gateway`),
    );
    await this.#transport[Symbol.asyncDispose]();
  }

  async #shakeHands(
    clientInfo: { readonly name: string; readonly version: string },
    limits: RequestOptions,
  ): Promise<void> {
    await this.#transport.open({
      message: (text, relatedId) => {
        this.#onMessage(text, relatedId);
      },
      tooLarge: (id) => {
        this.#onTooLarge(id);
      },
      close: (error) => {
        this.#onClose(error);
      },
    });
    const params = { protocolVersion: HANDSHAKE_VERSIONS[0], capabilities: {}, clientInfo };
    const { message } = await this.request(
      'initialize',
      (id) => requestText(id, 'initialize', params),
      limits,
    );
    if ('error' in message) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#name}" refused the handshake: ${quoted(message.error.message)}`,
      );
    }
    this.#description = readDescription(this.#name, message.result);
    this.#transport.ready(this.#description.protocolVersion);
    await this.notify('notifications/initialized', EMPTY);
    if (this.#closed !== undefined) {
      throw this.#closed;
    }
    this.#transport.listen();
  }

  #start(
    method: string,
    id: number,
    text: string,
    { options, resolve, reject }: Pick<Pending, 'options' | 'resolve' | 'reject'>,
  ): void {
    const exchange: Exchange = { controller: new AbortController(), deadline: undefined };
    const giveUp = (code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_CANCELLED', reason: string): void => {
      if (this.#settle(id) !== undefined) {
        // A server must not be asked to cancel the handshake.
        if (method !== 'initialize') {
          this.#tellCancelled(id, reason);
        }
        exchange.controller.abort();
        reject(new UpstreamError(code, reason));
      }
    };
    const timer = setTimeout(() => {
      giveUp('UPSTREAM_TIMEOUT', `Server "${this.#name}" gave no answer within ${options.timeoutMs} ms`);
    }, options.timeoutMs);
    const onAbort = (): void => {
      giveUp('UPSTREAM_CANCELLED', 'Cancelled by the caller');
    };
    this.#pending.set(id, { options, resolve, reject, timer, exchange, onAbort });
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const isPending = (): boolean => this.#pending.has(id);
    this.#send(exchange, text, { id, maxBytes: options.maxBytes, isPending }).then(
      (sent) => {
        if (sent === 'ended') {
          this.#settle(id)?.reject(
            new UpstreamError('UPSTREAM_LOST', `Server "${this.#name}" ended its answer without a response`),
          );
        }
      },
      (cause: unknown) => {
        this.#settle(id)?.reject(toUpstreamError(this.#name, cause));
      },
    );
  }

  /** Hands a message to the transport; until that has ended, disposing aborts it. */
  async #send(exchange: Exchange, text: string, context: Omit<SendContext, 'signal'>): Promise<SendResult> {
    this.#exchanges.add(exchange);
    try {
      return await this.#transport.send(text, { ...context, signal: exchange.controller.signal });
    } finally {
      clearTimeout(exchange.deadline);
      this.#exchanges.delete(exchange);
    }
  }

  async #sendAside(text: string): Promise<void> {
    if (this.#closed !== undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', this.#closed.message);
    }
    const exchange: Exchange = { controller: new AbortController(), deadline: undefined };
    this.#endLater(exchange, ASIDE_TIMEOUT_MS);
    await this.#send(exchange, text, { maxBytes: SMALL_ANSWER_BYTES, isPending: () => true });
  }

  #endLater(exchange: Exchange, afterMs: number): void {
    exchange.deadline = setTimeout(() => {
      exchange.controller.abort();
    }, afterMs).unref();
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending !== undefined) {
      this.#pending.delete(id);
      clearTimeout(pending.timer);
      pending.options.signal?.removeEventListener('abort', pending.onAbort);
    }
    return pending;
  }

  #onMessage(text: string, relatedId: number | undefined): void {
    // A text that is no JSON answers nothing: its request runs into its deadline or the end of its stream.
    const message = this.#closed === undefined ? readMessage(text) : undefined;
    if (message === undefined) {
      return;
    }
    switch (message.kind) {
      case 'notification':
        this.#onNotification(message.method, message.params ?? EMPTY, relatedId);
        break;
      case 'request':
        this.#onRequest(message.method, message.id);
        break;
      case 'response':
        this.#onResponse(text, message);
        break;
      case 'invalid':
        this.#onInvalid(message.id, message.reason);
        break;
    }
  }

  #onResponse(text: string, message: Response): void {
    const { id } = message;
    const pending = typeof id === 'number' ? this.#settle(id) : undefined;
    if (pending === undefined) {
      return;
    }
    if (this.#exchanges.has(pending.exchange)) {
      this.#endLater(pending.exchange, LINGER_MS);
    }
    if (text.length > pending.options.maxBytes) {
      pending.reject(this.#tooLarge(pending.options.maxBytes));
    } else {
      pending.resolve({ text, message: toRpcResponse(message) });
    }
  }

  #onInvalid(id: RequestId | null, reason: string): void {
    const pending = typeof id === 'number' ? this.#settle(id) : undefined;
    pending?.exchange.controller.abort();
    pending?.reject(
      new UpstreamError(
        'UPSTREAM_PROTOCOL',
        `The answer of server "${this.#name}" is no valid message: ${reason}`,
      ),
    );
  }

  #onTooLarge(id: number): void {
    const pending = this.#settle(id);
    pending?.reject(this.#tooLarge(pending.options.maxBytes));
  }

  #onNotification(method: string, params: JsonObject, relatedId: number | undefined): void {
    if (method === 'notifications/progress') {
      const token = params['progressToken'];
      const pending = typeof token === 'number' ? this.#pending.get(token) : undefined;
      pending?.options.onNotification?.(method, params);
      return;
    }
    // It speaks of a request of the server; each of those was answered at once.
    if (method === 'notifications/cancelled') {
      return;
    }
    const related = relatedId === undefined ? undefined : this.#pending.get(relatedId);
    if (method === 'notifications/message' && related?.options.onNotification !== undefined) {
      related.options.onNotification(method, params);
      return;
    }
    this.#events.notification(method, params);
  }

  // We declare no client capabilities, so a server may ask for nothing but a sign of life.
  #onRequest(method: string, id: RequestId): void {
    if (this.#answering >= MAX_ANSWERING) {
      return;
    }
    const answer: { readonly [key: string]: JsonValue } =
      method === 'ping'
        ? { jsonrpc: '2.0', id, result: {} }
        : {
            jsonrpc: '2.0',
            id,
            error: { code: -32601, message: `Method ${method} is not supported by this client` },
          };
    this.#answering += 1;
    this.#sendAside(JSON.stringify(answer))
      // It is the server that waits for it, and the server that is gone.
      .catch(() => undefined)
      .finally(() => {
        this.#answering -= 1;
      });
  }

  #tellCancelled(id: number, reason: string): void {
    // The server may be gone already; the caller has its error in any case.
    this.notify('notifications/cancelled', { requestId: id, reason }).catch(() => undefined);
  }

  #onClose(error: UpstreamError): void {
    if (this.#closed === undefined) {
      this.#failAll(error);
      this.#events.close(error);
    }
  }

  #failAll(error: UpstreamError): void {
    this.#closed ??= error;
    for (const id of this.#pending.keys()) {
      this.#settle(id)?.reject(error);
    }
    for (const exchange of this.#exchanges) {
      clearTimeout(exchange.deadline);
      exchange.controller.abort();
    }
  }

  #tooLarge(maxBytes: number): UpstreamError {
    return new UpstreamError(
      'UPSTREAM_TOO_LARGE',
      `The answer of server "${this.#name}" is over ${maxBytes} bytes`,
    );
  }
}

export function requestText(id: number, method: string, params: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

const QUOTED_CHARS = 300;

/** A text of a server as it may stand in a message: cut, in one line and without control characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, QUOTED_CHARS)).slice(1, -1);
}

function toRpcResponse(message: Response): RpcResponse {
  return 'result' in message
    ? { jsonrpc: '2.0', id: message.id, result: message.result }
    : { jsonrpc: '2.0', id: message.id, error: message.error };
}

function toUpstreamError(name: string, cause: unknown): UpstreamError {
  return cause instanceof UpstreamError
    ? cause
    : new UpstreamError('UPSTREAM_LOST', `Sending to server "${name}" failed`, { cause });
}
