import type { JsonObject, JsonValue, RequestId, RpcResponse } from '@smcp/protocol';
import { HANDSHAKE_VERSIONS, isHandshakeVersion } from './protocol-version.ts';
import type { Transport } from './transport.ts';
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
  /** Progress of this request, and log messages on its own answer stream. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
}

/** What a server says of itself in the handshake. */
export interface ServerDescription {
  readonly protocolVersion: string;
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions: string | undefined;
}

export interface ConnectionEvents {
  /** A notification that belongs to no request of ours in particular. */
  notification(method: string, params: JsonObject): void;
  close(error: UpstreamError): void;
}

interface Pending {
  readonly id: number;
  readonly options: RequestOptions;
  readonly resolve: (reply: UpstreamReply) => void;
  readonly reject: (error: UpstreamError) => void;
  readonly timer: NodeJS.Timeout;
  readonly exchange: AbortController;
  readonly onAbort: () => void;
}

const EMPTY: JsonObject = Object.freeze({});

/**
 * One session with one upstream server over any transport: handshake, our own request ids, deadlines, cancellation, and answers to what the server
 * asks of us. Never sends a request twice. A request settles exactly once; a late answer is dropped.
 */
export class Connection implements AsyncDisposable {
  readonly #name: string;
  readonly #transport: Transport;
  readonly #events: ConnectionEvents;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #closed: UpstreamError | undefined;
  #description: ServerDescription | undefined;

  constructor(name: string, transport: Transport, events: ConnectionEvents) {
    this.#name = name;
    this.#transport = transport;
    this.#events = events;
  }

  get description(): ServerDescription {
    if (this.#description === undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.#name}" has not finished its handshake`);
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

  /** Opens the transport and shakes hands. On failure everything started is ended again. */
  async open(clientInfo: { readonly name: string; readonly version: string }, limits: RequestOptions): Promise<void> {
    await this.#transport.open({
      message: (text, relatedId) => {
        this.#onMessage(text, relatedId);
      },
      close: (error) => {
        this.#onClose(error);
      },
    });
    const params = { protocolVersion: HANDSHAKE_VERSIONS[0], capabilities: {}, clientInfo };
    const { message } = await this.request('initialize', (id) => requestText(id, 'initialize', params), limits);
    if ('error' in message) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.#name}" refused the handshake: ${message.error.message}`);
    }
    this.#description = readDescription(this.#name, message.result);
    this.#transport.ready(this.#description.protocolVersion);
    await this.notify('notifications/initialized', EMPTY);
  }

  /**
   * Sends one request and waits for its answer.
   *
   * @param encode Makes the JSON text for the id it is given; that id is also the progress token of the request on this hop.
   * @throws {UpstreamError} whose `mayHaveRun` says whether the server may have acted.
   */
  request(method: string, encode: (id: number) => string, options: RequestOptions): Promise<UpstreamReply> {
    if (this.#closed !== undefined) {
      return Promise.reject(new UpstreamError('UPSTREAM_UNAVAILABLE', this.#closed.message));
    }
    const { signal } = options;
    if (signal?.aborted === true) {
      return Promise.reject(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent'));
    }
    const id = this.#nextId++;
    return new Promise<UpstreamReply>((resolve, reject) => {
      const giveUp = (code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_CANCELLED', reason: string): void => {
        const pending = this.#settle(id);
        if (pending !== undefined) {
          if (method !== 'initialize') {
            this.#tellCancelled(id, reason);
          }
          pending.exchange.abort();
          reject(new UpstreamError(code, reason));
        }
      };
      const timer = setTimeout(() => {
        giveUp('UPSTREAM_TIMEOUT', `Server "${this.#name}" gave no answer within ${options.timeoutMs} ms`);
      }, options.timeoutMs);
      const onAbort = (): void => {
        giveUp('UPSTREAM_CANCELLED', 'Cancelled by the caller');
      };
      const exchange = new AbortController();
      this.#pending.set(id, { id, options, resolve, reject, timer, exchange, onAbort });
      signal?.addEventListener('abort', onAbort, { once: true });
      const isPending = (): boolean => this.#pending.has(id);
      this.#transport.send(encode(id), { id, signal: exchange.signal, maxBytes: options.maxBytes, isPending }).then(
        (sent) => {
          if (sent === 'ended') {
            this.#settle(id)?.reject(new UpstreamError('UPSTREAM_LOST', `Server "${this.#name}" ended its answer without a response`));
          }
        },
        (cause: unknown) => {
          this.#settle(id)?.reject(toUpstreamError(this.#name, cause));
        },
      );
    });
  }

  async notify(method: string, params: JsonObject): Promise<void> {
    const text = JSON.stringify({ jsonrpc: '2.0', method, ...(params === EMPTY ? {} : { params }) });
    await this.#transport.send(text, { maxBytes: SMALL_ANSWER_BYTES });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#failAll(new UpstreamError('UPSTREAM_LOST', `Connection to server "${this.#name}" was closed by the gateway`));
    await this.#transport[Symbol.asyncDispose]();
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
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Not a message. A request whose answer this was runs into its deadline or the end of its stream.
      return;
    }
    if (!isObject(value)) {
      return;
    }
    if (typeof value['method'] === 'string') {
      const params = isObject(value['params']) ? (value['params'] as JsonObject) : EMPTY;
      if (value['id'] === undefined) {
        this.#onNotification(value['method'], params, relatedId);
      } else {
        this.#onRequest(value['method'], value['id'] as RequestId);
      }
      return;
    }
    const { id } = value;
    if (typeof id === 'number') {
      this.#onResponse(id, text, value);
    }
  }

  #onResponse(id: number, text: string, value: Record<string, unknown>): void {
    const pending = this.#settle(id);
    if (pending === undefined) {
      return;
    }
    if (text.length > pending.options.maxBytes) {
      pending.reject(new UpstreamError('UPSTREAM_TOO_LARGE', `The answer of server "${this.#name}" is over ${pending.options.maxBytes} bytes`));
    } else if (isObject(value['result']) || isRpcError(value['error'])) {
      pending.resolve({ text, message: value as unknown as RpcResponse });
    } else {
      pending.reject(new UpstreamError('UPSTREAM_PROTOCOL', `The answer of server "${this.#name}" has neither result nor error`));
    }
  }

  #onNotification(method: string, params: JsonObject, relatedId: number | undefined): void {
    if (method === 'notifications/progress') {
      const token = params['progressToken'];
      const pending = typeof token === 'number' ? this.#pending.get(token) : undefined;
      pending?.options.onNotification?.(method, params);
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
    const answer: { readonly [key: string]: JsonValue } =
      method === 'ping'
        ? { jsonrpc: '2.0', id, result: {} }
        : { jsonrpc: '2.0', id, error: { code: -32601, message: `Method ${method.slice(0, 128)} is not supported by this client` } };
    this.#transport.send(JSON.stringify(answer), { maxBytes: SMALL_ANSWER_BYTES }).catch(() => undefined);
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
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#settle(id);
      pending?.exchange.abort();
      pending?.reject(error);
    }
  }
}

const SMALL_ANSWER_BYTES = 64 * 1024;

export function requestText(id: number, method: string, params: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

function readDescription(name: string, result: JsonObject): ServerDescription {
  const { protocolVersion, capabilities, serverInfo, instructions } = result;
  if (!isHandshakeVersion(protocolVersion)) {
    throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${name}" speaks an unknown protocol version`);
  }
  return Object.freeze({
    protocolVersion,
    capabilities: isObject(capabilities) ? (capabilities as JsonObject) : EMPTY,
    serverInfo: isObject(serverInfo) ? (serverInfo as JsonObject) : EMPTY,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  });
}

function toUpstreamError(name: string, cause: unknown): UpstreamError {
  return cause instanceof UpstreamError
    ? cause
    : new UpstreamError('UPSTREAM_LOST', `Sending to server "${name}" failed`, { cause });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRpcError(value: unknown): boolean {
  return isObject(value) && typeof value['code'] === 'number' && typeof value['message'] === 'string';
}
