/** Lets work of one key be done one after another, in the order in which it came. Work of other keys does not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Settles as `work` does; work that failed does not keep the next from being done. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work);
    const last = mine.catch(() => undefined);
    this.#last.set(key, last);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === last) {
        this.#last.delete(key);
      }
    }
  }
}
