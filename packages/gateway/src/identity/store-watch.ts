import type { Store, StoredAgent, StoredKey } from '../store/store.ts';

/** The part of the store that identity needs. */
export type IdentityStore = Pick<Store, 'keys' | 'agents' | 'revision'>;

export interface StoredCredentials {
  readonly keys: readonly StoredKey[];
  readonly agents: readonly StoredAgent[];
}

export interface StoreWatchOptions {
  readonly store: IdentityStore;
  /** Called with everything stored, at first and whenever the revision changed. */
  readonly apply: (stored: StoredCredentials) => void;
  readonly monotonicMs: () => number;
  /** Time between two looks. */
  readonly intervalMs: number;
  /** A look that takes longer has failed. */
  readonly answerMs: number;
  /** Told about each failed look of the timer. */
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps up with a store that others write to. At most one look is under way and one waits, however many ask: a flood of unknown tokens costs the
 * store one query at a time.
 */
export class StoreWatch implements AsyncDisposable {
  readonly #options: StoreWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #revision: number | undefined;
  #running: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  #unansweredSinceMs: number | undefined;
  #closed = false;

  constructor(options: StoreWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.look().catch(options.onError);
    }, options.intervalMs);
    this.#timer.unref();
  }

  /**
   * Resolves when a look that began after this call has been applied.
   *
   * @throws whatever the store throws, or `Error` when it did not answer in time.
   */
  look(): Promise<void> {
    // A look under way may have read what was there before this call, so it does not count.
    this.#waiting ??= this.#afterRunning();
    return this.#waiting;
  }

  /** For how long the store has not answered, in milliseconds; 0 while it does. */
  unansweredMs(): number {
    return this.#unansweredSinceMs === undefined ? 0 : this.#options.monotonicMs() - this.#unansweredSinceMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await Promise.allSettled([this.#running, this.#waiting]);
  }

  async #afterRunning(): Promise<void> {
    await this.#running?.catch(ignore);
    this.#running = this.#waiting;
    this.#waiting = undefined;
    await this.#look();
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    this.#unansweredSinceMs ??= this.#options.monotonicMs();
    const revision = await this.#within(this.#options.store.revision());
    if (revision !== this.#revision) {
      const { keys, agents } = this.#options.store;
      const [storedKeys, storedAgents] = await this.#within(Promise.all([keys.list(), agents.list()]));
      this.#options.apply({ keys: storedKeys, agents: storedAgents });
      // The number was read before the lists: a change in between is seen at the next look.
      this.#revision = revision;
    }
    this.#unansweredSinceMs = undefined;
  }

  async #within<T>(answer: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new Error(`The store did not answer within ${this.#options.answerMs} ms`));
    }, this.#options.answerMs);
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Whoever asked for that look was told. */
function ignore(): void {}
