import type { Dispatcher } from 'undici';
import type { Abortable } from '../exchange.ts';
import { UpstreamError } from '../upstream-error.ts';
import { EventFeed, type EventReader } from './event-stream.ts';
import { toHttpFailure } from './http-failure.ts';

const MAX_ERROR_BODY_BYTES = 16 * 1024;
/** How long a body that only serves diagnosis, or nothing at all, is waited for. */
const ASIDE_BODY_MS = 500;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One HTTP exchange from its start to the end of its body: the handler of undici and what its caller reads, in one object.
 *
 * One of the four ways to take the body is to be chosen as soon as `head` has resolved; until then chunks are kept.
 */
export class HttpAnswer implements Dispatcher.DispatchHandler {
  status = 0;
  headers: Headers = {};
  /** Resolves with this answer when its head has come. */
  readonly head: Promise<HttpAnswer>;
  readonly #name: string;
  readonly #until: Abortable | undefined;
  readonly #begin = Promise.withResolvers<HttpAnswer>();
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #maxBytes = Infinity;
  #feed: EventFeed | undefined;
  #ended = false;
  #failure: UpstreamError | undefined;
  #finish: PromiseWithResolvers<void> | undefined;

  /** @param until Ends the exchange early, wherever it stands. */
  constructor(name: string, until: Abortable | undefined) {
    this.#name = name;
    this.#until = until;
    this.head = this.#begin.promise;
    until?.onAbort(() => {
      this.#fail(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled by the caller'));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) {
      controller.abort(this.#failure);
    }
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // Whatever comes below 200 announces another head.
    if (status >= 200) {
      this.status = status;
      this.headers = headers;
      this.#begin.resolve(this);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) {
      return;
    }
    if (this.#feed === undefined) {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      if (this.#size > this.#maxBytes) {
        this.#fail(this.#tooLarge());
      }
      return;
    }
    try {
      this.#feed.push(chunk);
    } catch (cause) {
      this.#fail(toHttpFailure(this.#name, cause));
    }
  }

  onResponseEnd(): void {
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, cause: unknown): void {
    if (!this.#ended) {
      this.#failure = toHttpFailure(this.#name, cause);
      this.#end();
    }
  }

  /** The whole body as text. @throws {UpstreamError} `UPSTREAM_TOO_LARGE` over `maxBytes`, and its connection is closed. */
  async readText(maxBytes: number): Promise<string> {
    this.#maxBytes = maxBytes;
    if (this.#size > maxBytes) {
      const failure = this.#tooLarge();
      this.#fail(failure);
      throw failure;
    }
    await this.#finished();
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined
      ? only.toString('utf8')
      : Buffer.concat(this.#chunks).toString('utf8');
  }

  /** Reads server-sent events until the stream ends. @throws {UpstreamError} `UPSTREAM_TOO_LARGE`, or what broke the stream. */
  async readEvents(maxBytes: number, reader: EventReader): Promise<void> {
    const early = this.#chunks;
    this.#chunks = [];
    this.#feed = new EventFeed(this.#name, maxBytes, reader);
    try {
      for (const chunk of early) {
        this.#feed.push(chunk);
      }
    } catch (cause) {
      this.#fail(toHttpFailure(this.#name, cause));
    }
    await this.#finished();
  }

  /** The body of an error, for deciding; empty when it is long, broken or slow. Never fails. */
  async readErrorText(): Promise<string> {
    return await this.#aside(async () => await this.readText(MAX_ERROR_BODY_BYTES));
  }

  /** Lets go of a body that nobody reads: a short one is drained, so that its connection can be used again; any other ends with it. Never fails. */
  async discard(): Promise<void> {
    await this.#aside(async () => await this.readText(MAX_ERROR_BODY_BYTES));
  }

  get mediaType(): string {
    const value = this.headers['content-type'];
    return (typeof value === 'string' ? value : '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  }

  get isEventStream(): boolean {
    return this.status === 200 && this.mediaType === 'text/event-stream';
  }

  /** Ends the exchange for a reason of ours, and closes its connection if the body has not ended. */
  #fail(failure: UpstreamError): void {
    if (!this.#ended) {
      this.#failure = failure;
      this.#end();
      this.#controller?.abort(failure);
    }
  }

  #end(): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#until?.onAbort(undefined);
    if (this.#failure === undefined) {
      this.#finish?.resolve();
    } else {
      this.#begin.reject(this.#failure);
      this.#finish?.reject(this.#failure);
    }
  }

  async #finished(): Promise<void> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (!this.#ended) {
      this.#finish = Promise.withResolvers();
      await this.#finish.promise;
    }
  }

  async #aside(read: () => Promise<string>): Promise<string> {
    const timer = this.#ended
      ? undefined
      : setTimeout(() => {
          this.#fail(new UpstreamError('UPSTREAM_LOST', 'Nobody waits for the rest'));
        }, ASIDE_BODY_MS).unref();
    try {
      return await read();
    } catch {
      // The status alone says enough.
      return '';
    } finally {
      clearTimeout(timer);
    }
  }

  #tooLarge(): UpstreamError {
    return new UpstreamError(
      'UPSTREAM_TOO_LARGE',
      `The answer of server "${this.#name}" is over ${this.#maxBytes} bytes`,
    );
  }
}
