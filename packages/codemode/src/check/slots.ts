/** How many may run and wait. */
export interface SlotCounts {
  readonly running: number;
  readonly waiting: number;
}

interface Waiting {
  readonly owner: string;
  go(): void;
}

/**
 * Lets at most so many pieces of work run at a time; the others wait, first come first served. An owner never has all slots where there are several, nor more
 * than half of the places to wait, so that one whose work is slow does not keep out the others.
 */
export class Slots {
  readonly #most: SlotCounts;
  readonly #mostPerOwner: SlotCounts;
  readonly #waiting = new Set<Waiting>();
  readonly #running: string[] = [];

  constructor(most: SlotCounts) {
    this.#most = most;
    this.#mostPerOwner = { running: Math.max(1, most.running - 1), waiting: Math.ceil(most.waiting / 2) };
  }

  /**
   * @returns What gives the slot back, or `undefined` when too many wait already.
   * @throws The reason of `signal` when it is aborted before there is a slot.
   */
  async take(owner: string, signal: AbortSignal): Promise<Disposable | undefined> {
    signal.throwIfAborted();
    if (this.#isFree(owner)) {
      this.#running.push(owner);
    } else {
      const own = [...this.#waiting].filter((one) => one.owner === owner).length;
      if (this.#waiting.size >= this.#most.waiting || own >= this.#mostPerOwner.waiting) return undefined;
      await this.#turn(owner, signal);
    }
    return { [Symbol.dispose]: () => this.#give(owner) };
  }

  #isFree(owner: string): boolean {
    const own = this.#running.filter((one) => one === owner).length;
    return this.#running.length < this.#most.running && own < this.#mostPerOwner.running;
  }

  /** A slot goes straight from one to the next, so that nobody comes in between. */
  #give(owner: string): void {
    this.#running.splice(this.#running.indexOf(owner), 1);
    for (const next of this.#waiting) {
      if (!this.#isFree(next.owner)) continue;
      this.#waiting.delete(next);
      this.#running.push(next.owner);
      next.go();
    }
  }

  #turn(owner: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(waiting);
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller chose the reason
        reject(signal.reason);
      };
      const waiting: Waiting = {
        owner,
        go: () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.add(waiting);
    });
  }
}
