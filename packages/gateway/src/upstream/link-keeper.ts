import { BackOff } from './back-off.ts';
import type { Link, LinkEvents } from './link.ts';
import { openLink } from './opening/open-link.ts';
import type { OpenOptions } from './opening/open-options.ts';
import { UpstreamError } from './upstream-error.ts';
import type { UpstreamSpec } from './upstream-spec.ts';

export interface LinkKeeperOptions extends Omit<OpenOptions, 'events' | 'signal'> {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly events: Omit<LinkEvents, 'close'>;
  readonly onReady: (link: Link) => void;
  /** It could not be started or reached. */
  readonly onFailure: (error: UpstreamError) => void;
  /** It has ended by itself, or was taken out of use. */
  readonly onEnd: (error: UpstreamError, diagnosis: string) => void;
}

/** Keeps at most one link to a server in use: opens it when it is needed, with back-off, and ends what it has opened. */
export class LinkKeeper implements AsyncDisposable {
  readonly #spec: UpstreamSpec;
  readonly #options: LinkKeeperOptions;
  readonly #backOff = new BackOff();
  readonly #closing = new AbortController();
  /** Links out of use while calls on them still wait for their own answers. */
  readonly #retired = new Set<Link>();
  readonly #ending = new Set<Promise<void>>();
  #link: Link | undefined;
  #opening: Promise<Link> | undefined;
  #readyAt = 0;
  #starts = 0;
  #lastError: string | undefined;
  #diagnosis = '';

  constructor(spec: UpstreamSpec, options: LinkKeeperOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  /** The link in use. */
  get link(): Link | undefined {
    return this.#link;
  }

  get state(): 'idle' | 'starting' | 'ready' | 'failed' | 'closed' {
    if (this.#closing.signal.aborted) {
      return 'closed';
    }
    if (this.#link !== undefined) {
      return 'ready';
    }
    if (this.#opening !== undefined) {
      return 'starting';
    }
    return this.#lastError === undefined ? 'idle' : 'failed';
  }

  get starts(): number {
    return this.#starts;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  get diagnosis(): string {
    return this.#link?.diagnosis() ?? this.#diagnosis;
  }

  /** Whether nothing is open, opening or ending. */
  get isEmpty(): boolean {
    return this.#link === undefined && this.#opening === undefined && this.#ending.size === 0;
  }

  /** The link, opened if need be. Waits for it no longer than the caller does. */
  async acquire(signal?: AbortSignal): Promise<Link> {
    if (signal === undefined || this.#link !== undefined) {
      return await this.#connect();
    }
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => {
      reject(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.#connect(), givenUp]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Takes a link out of use because its session is lost. Calls that still wait on it get answers of their own, mostly the same one. */
  retire(link: Link, error: UpstreamError): void {
    if (this.#link !== link) {
      return;
    }
    this.#takeOut(link, error, link.pid !== undefined);
    if (link.inFlight > 0) {
      this.#retired.add(link);
    } else {
      void this.#end(link);
    }
  }

  /** To be called when a call on a link has ended: a link out of use ends with its last call. */
  released(link: Link): void {
    if (this.#retired.size > 0 && link.inFlight === 0 && this.#retired.delete(link)) {
      void this.#end(link);
    }
  }

  /** Ends the link in use, if there is one; the next use opens another. */
  async stop(): Promise<void> {
    const link = this.#link;
    if (link !== undefined) {
      this.#link = undefined;
      await this.#end(link);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const links = [this.#link, ...this.#retired];
    this.#link = undefined;
    this.#retired.clear();
    for (const link of links) {
      if (link !== undefined) {
        void this.#end(link);
      }
    }
    // Aborted by now; it ends what it had started before it rejects.
    await this.#opening?.catch(() => undefined);
    await Promise.all(this.#ending);
  }

  #connect(): Promise<Link> {
    if (this.#closing.signal.aborted) {
      return Promise.reject(this.#removed());
    }
    if (this.#link !== undefined) {
      return Promise.resolve(this.#link);
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<Link> {
    const waitMs = this.#backOff.waitMs(this.#options.now());
    if (waitMs > 0) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#spec.server}" keeps failing; next start in ${Math.ceil(waitMs / 1000)} s. Last: ${this.#lastError ?? 'unknown'}`,
      );
    }
    this.#starts += 1;
    let opened: Link | undefined;
    try {
      opened = await openLink(this.#spec, {
        ...this.#options,
        signal: this.#closing.signal,
        events: {
          ...this.#options.events,
          close: (error) => {
            if (opened !== undefined) {
              this.#drop(opened, error);
            }
          },
        },
      });
    } catch (cause) {
      throw this.#failed(cause);
    }
    if (this.#closing.signal.aborted) {
      await opened[Symbol.asyncDispose]();
      throw this.#removed();
    }
    this.#link = opened;
    this.#readyAt = this.#options.now();
    this.#lastError = undefined;
    this.#options.onReady(opened);
    return opened;
  }

  #failed(cause: unknown): UpstreamError {
    const known = cause instanceof UpstreamError ? cause : undefined;
    const message = known?.message ?? `Server "${this.#spec.server}" could not be started`;
    const diagnosis = known?.diagnosis ?? '';
    const error =
      known?.mayHaveRun === false
        ? known
        : new UpstreamError('UPSTREAM_UNAVAILABLE', message, { cause, diagnosis });
    if (!this.#closing.signal.aborted) {
      this.#backOff.failed(this.#options.now());
      this.#lastError = message;
      this.#diagnosis = diagnosis;
      this.#options.onFailure(error);
    }
    return error;
  }

  /** A link has ended by itself. */
  #drop(link: Link, error: UpstreamError): void {
    const wasInUse = this.#link === link;
    if (!wasInUse && !this.#retired.delete(link)) {
      return;
    }
    void this.#end(link);
    if (wasInUse) {
      this.#takeOut(link, error, true);
    }
  }

  /** @param hasEnded Whether the server itself is gone, which counts for the back-off, and not only our session. */
  #takeOut(link: Link, error: UpstreamError, hasEnded: boolean): void {
    this.#link = undefined;
    this.#diagnosis = link.diagnosis();
    if (hasEnded) {
      const now = this.#options.now();
      this.#lastError = error.message;
      this.#backOff.ended(now, now - this.#readyAt);
    }
    this.#options.onEnd(error, this.#diagnosis);
  }

  async #end(link: Link): Promise<void> {
    const ending = link[Symbol.asyncDispose]()
      // Whoever waits on it has been told; what cannot be ended now cannot be ended better later.
      .catch(() => undefined)
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    await ending;
  }

  #removed(): UpstreamError {
    return new UpstreamError(
      'UPSTREAM_UNAVAILABLE',
      `Server "${this.#spec.server}" was removed or is stopping`,
    );
  }
}
