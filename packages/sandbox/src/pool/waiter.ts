import type { Clock } from '../lib/clock.ts';
import type { Lease, PooledRunner } from './pooled-runner.ts';

export interface AcquireOptions {
  /** Whether the runner is held for a session: then it has run nothing before. */
  readonly persistent: boolean;
  /** Gives up waiting; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** One who waits for a runner. */
export class Waiter<R extends PooledRunner> {
  readonly owner: string;
  readonly persistent: boolean;
  readonly lease: Promise<Lease<R>>;
  readonly #settle = Promise.withResolvers<Lease<R>>();
  readonly #signal: AbortSignal | undefined;
  #timer: Disposable | undefined;
  #onAbort: (() => void) | undefined;

  constructor(owner: string, { persistent, signal }: AcquireOptions) {
    this.owner = owner;
    this.persistent = persistent;
    this.lease = this.#settle.promise;
    this.#signal = signal;
  }

  /** Starts the wait; `onGone` is called when it ends without a lease for a reason of the waiter's own. */
  wait(clock: Clock, timeoutMs: number, timeoutError: () => Error, onGone: () => void): void {
    this.#timer = clock.after(timeoutMs, () => {
      this.fail(timeoutError());
      onGone();
    });
    this.#onAbort = () => {
      this.fail(this.#signal?.reason);
      onGone();
    };
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  serve(lease: Lease<R>): void {
    this.#end();
    this.#settle.resolve(lease);
  }

  fail(reason: unknown): void {
    this.#end();
    this.#settle.reject(reason);
  }

  #end(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#onAbort !== undefined) {
      this.#signal?.removeEventListener('abort', this.#onAbort);
    }
  }
}
