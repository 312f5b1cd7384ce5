/** Lets tasks of one key run one after another, in the order in which they came; those of different keys do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `task` after all tasks of `key` that came before, whatever became of them. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, done);
    try {
      await before;
      return await task();
    } finally {
      resolve();
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }

  /** Keys with a task that runs or waits. */
  get size(): number {
    return this.#last.size;
  }
}
