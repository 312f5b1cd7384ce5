/** Lets actions under the same key run one after another. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `action` when those before it under this key have ended, however they did. */
  async take<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const run = (async () => {
      // How an earlier action ended is for its own caller.
      await before?.catch(() => undefined);
      return action();
    })();
    this.#last.set(key, run);
    try {
      return await run;
    } finally {
      if (this.#last.get(key) === run) this.#last.delete(key);
    }
  }
}
