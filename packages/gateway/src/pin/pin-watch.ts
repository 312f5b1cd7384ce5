import type { Store } from '../store/index.ts';

export interface PinWatchOptions {
  readonly store: Pick<Store, 'revision'>;
  /** Looks at what is pinned, or saved, and gives the servers for which others have changed it. */
  readonly takeChanges: () => Promise<readonly string[]>;
  /** This server offers something else now. Must not throw. */
  readonly onChanged: (server: string) => void;
  readonly intervalMs: number;
  /** Told of each look that failed; the next one makes up for it. */
  readonly onError: (error: unknown) => void;
}

/** Notices what operators accept while a gateway runs. Looks closer only when the revision of the store has grown; one look at a time. */
export class PinWatch implements AsyncDisposable {
  readonly #options: PinWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #revision: number | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: PinWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      void this.look();
    }, options.intervalMs).unref();
  }

  /** Resolves when a look is over that began now or is under way. Never rejects. */
  async look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch(this.#options.onError)
      .finally(() => {
        this.#looking = undefined;
      });
    await this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const revision = await this.#options.store.revision();
    if (revision === this.#revision) {
      return;
    }
    for (const server of await this.#options.takeChanges()) {
      this.#options.onChanged(server);
    }
    // Read before the pins: a change in between is seen at the next look.
    this.#revision = revision;
  }
}
