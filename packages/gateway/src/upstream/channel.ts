import type { ClassifiedMessage, JsonObject, RequestId, RpcResponse } from '@smcp/protocol';
import { CallTable } from './call-table.ts';
import { Exchange } from './exchange.ts';
import type { RequestOptions, UpstreamReply } from './link.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { PendingCall } from './pending-call.ts';
import { readMessage } from './read-message.ts';
import type { Transport } from './transport.ts';
import { UpstreamError } from './upstream-error.ts';

/** What a channel tells the link on it. No method may throw. */
export interface ChannelEvents {
  /** A notification that is not progress or a log message of one request. `relatedId`: the request on whose answer stream it came. */
  notification(method: string, params: JsonObject, relatedId: number | undefined): void;
  /** The server asks for something. */
  request(
    request: { readonly id: RequestId; readonly method: string; readonly params: JsonObject },
    relatedId: number | undefined,
  ): void;
  close(error: UpstreamError): void;
}

type Response = Extract<ClassifiedMessage, { kind: 'response' }>;

const EMPTY: JsonObject = Object.freeze({});
const SMALL_ANSWER_BYTES = 64 * 1024;
/** How long a notification, or an answer of ours, may take. */
const ASIDE_TIMEOUT_MS = 10_000;
/** Requests that must not be cancelled: without them there is nobody to tell. */
const NEVER_CANCELLED: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/**
 * Requests and answers over one transport, whatever the era: our own request ids, deadlines and cancellation.
 *
 * Never sends a request twice. A request settles exactly once; a late answer is dropped.
 */
export class Channel implements AsyncDisposable {
  readonly name: string;
  readonly #transport: Transport;
  readonly #calls = new CallTable();
  #events: ChannelEvents | undefined;
  #closed: UpstreamError | undefined;

  constructor(name: string, transport: Transport) {
    this.name = name;
    this.#transport = transport;
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  /** Why nothing goes this way any more. */
  get closed(): UpstreamError | undefined {
    return this.#closed;
  }

  get transport(): Pick<Transport, 'pid' | 'ready' | 'listen' | 'cancelsByClosing' | 'diagnosis'> {
    return this.#transport;
  }

  /** Sets who hears what the server says on its own, in place of whoever did before. */
  attach(events: ChannelEvents): void {
    this.#events = events;
  }

  /** Calls that wait for their answer, oldest first. */
  calls(): Iterable<PendingCall> {
    return this.#calls.values();
  }

  call(id: number | undefined): PendingCall | undefined {
    return id === undefined ? undefined : this.#calls.get(id);
  }

  /** As `Transport.open`. */
  async open(): Promise<void> {
    await this.#transport.open({
      message: (text, relatedId) => {
        this.#onMessage(text, relatedId);
      },
      tooLarge: (id) => {
        const call = this.#calls.settle(id);
        call?.reject(this.#tooLarge(call.maxBytes));
      },
      close: (error) => {
        if (this.#closed === undefined) {
          this.#failAll(error);
          this.#events?.close(error);
        }
      },
    });
  }

  /**
   * Sends one request and waits for its answer.
   *
   * @param hop Members of `_meta` for this hop.
   * @param onId Told the id before anything is sent.
   * @throws {UpstreamError} whose `mayHaveRun` says whether the server may have acted.
   */
  async request(
    request: OutgoingRequest,
    hop: JsonObject,
    options: RequestOptions,
    onId?: (id: number) => void,
  ): Promise<UpstreamReply> {
    if (this.#closed !== undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', this.#closed.message);
    }
    if (options.signal?.aborted === true) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent');
    }
    const id = this.#calls.newId();
    const text = request.encode(id, hop);
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
    const call = new PendingCall({ id, request, options, resolve, reject, giveUp: this.#giveUp });
    this.#calls.add(call);
    onId?.(id);
    void this.#carry(call, text);
    return await promise;
  }

  async notify(method: string, params: JsonObject = EMPTY): Promise<void> {
    await this.send({ jsonrpc: '2.0', method, ...(params === EMPTY ? {} : { params }) });
  }

  /** Sends what has no answer: a notification, or an answer of ours. It has ten seconds. */
  async send(message: JsonObject): Promise<void> {
    if (this.#closed !== undefined) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', this.#closed.message);
    }
    const exchange = new Exchange({
      id: undefined,
      request: undefined,
      maxBytes: SMALL_ANSWER_BYTES,
      dueAt: performance.now() + ASIDE_TIMEOUT_MS,
    });
    this.#calls.watch(exchange);
    try {
      await this.#transport.send(JSON.stringify(message), exchange);
    } finally {
      this.#calls.unwatch(exchange);
    }
  }

  /** The deadline of a call moves again. */
  moved(call: PendingCall): void {
    this.#calls.moved(call);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#failAll(
      new UpstreamError('UPSTREAM_LOST', `Connection to server "${this.name}" was closed by the gateway`),
    );
    await this.#transport[Symbol.asyncDispose]();
  }

  async #carry(call: PendingCall, text: string): Promise<void> {
    try {
      const result = await this.#transport.send(text, call);
      if (result === 'ended' && call.isPending) {
        this.#calls
          .settle(call.id)
          ?.reject(
            new UpstreamError('UPSTREAM_LOST', `Server "${this.name}" ended its answer without a response`),
          );
      }
    } catch (cause) {
      this.#calls.settle(call.id)?.reject(toUpstreamError(this.name, cause));
    }
    this.#calls.sent(call);
  }

  readonly #giveUp = (call: PendingCall, code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_CANCELLED'): void => {
    if (this.#calls.settle(call.id) === undefined) {
      return;
    }
    const reason =
      code === 'UPSTREAM_CANCELLED'
        ? 'Cancelled by the caller'
        : `Server "${this.name}" gave no answer within ${call.options.timeoutMs} ms`;
    if (this.#transport.cancelsByClosing !== true && !NEVER_CANCELLED.has(call.request.method)) {
      // The server may be gone already; the caller has its error in any case.
      this.notify('notifications/cancelled', { requestId: call.id, reason }).catch(() => undefined);
    }
    call.abort();
    call.reject(new UpstreamError(code, reason));
  };

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
        this.#events?.request(
          { id: message.id, method: message.method, params: message.params ?? EMPTY },
          relatedId,
        );
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
    const call = typeof message.id === 'number' ? this.#calls.settle(message.id) : undefined;
    if (call === undefined) {
      return;
    }
    if (text.length > call.maxBytes) {
      call.reject(this.#tooLarge(call.maxBytes));
    } else {
      call.resolve({ text, message: toRpcResponse(message) });
    }
  }

  #onInvalid(id: RequestId | null, reason: string): void {
    const call = typeof id === 'number' ? this.#calls.settle(id) : undefined;
    call?.abort();
    call?.reject(
      new UpstreamError(
        'UPSTREAM_PROTOCOL',
        `The answer of server "${this.name}" is no valid message: ${reason}`,
      ),
    );
  }

  #onNotification(method: string, params: JsonObject, relatedId: number | undefined): void {
    if (method === 'notifications/progress') {
      const token = params['progressToken'];
      const call = typeof token === 'number' ? this.#calls.get(token) : undefined;
      call?.options.onNotification?.(method, params);
      return;
    }
    const hear =
      method === 'notifications/message' ? this.call(relatedId)?.options.onNotification : undefined;
    if (hear === undefined) {
      this.#events?.notification(method, params, relatedId);
    } else {
      hear(method, params);
    }
  }

  #failAll(error: UpstreamError): void {
    this.#closed ??= error;
    this.#calls.failAll(error);
  }

  #tooLarge(maxBytes: number): UpstreamError {
    return new UpstreamError(
      'UPSTREAM_TOO_LARGE',
      `The answer of server "${this.name}" is over ${maxBytes} bytes`,
    );
  }
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
