/** Lets at most so many pieces of work run at a time; the others wait, first come first served. */
export class Slots {
  readonly #count: number;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(count: number, maxWaiting: number) {
    this.#count = count;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * @returns What gives the slot back, or `undefined` when too many wait already.
   * @throws The reason of `signal` when it is aborted before there is a slot.
   */
  async take(signal: AbortSignal): Promise<Disposable | undefined> {
    signal.throwIfAborted();
    if (this.#taken >= this.#count) {
      if (this.#waiting.size >= this.#maxWaiting) return undefined;
      await this.#turn(signal);
    } else {
      this.#taken += 1;
    }
    return { [Symbol.dispose]: () => this.#give() };
  }

  /** A slot goes straight from one to the next, so that nobody comes in between. */
  #give(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#taken -= 1;
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(go);
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller chose the reason
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.add(go);
    });
  }
}
