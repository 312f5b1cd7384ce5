/** Shortest time between two looks at everything, so that many deadlines close together cost no look each. */
const MIN_PAUSE_MS = 50;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Expiring {
  /** Milliseconds of `performance.now()`; Infinity for never. */
  readonly dueAt: number;
  /** Called when it is due. Leaves `dueAt` in the future, or leaves the deadlines. */
  expire(): void;
}

/**
 * Any number of deadlines on one timer: adding and removing one costs no timer. A deadline is never early; it is late by at most 50 ms, and only when
 * another one has just passed. The timer keeps no process alive.
 */
export class Deadlines<T extends Expiring> implements Disposable {
  readonly #entries = new Set<T>();
  #timer: NodeJS.Timeout | undefined;
  #armedFor = Infinity;

  add(entry: T): void {
    this.#entries.add(entry);
    this.moved(entry);
  }

  /** To be called when the deadline of an entry has come closer. */
  moved({ dueAt }: T): void {
    if (dueAt < this.#armedFor) {
      this.#arm(dueAt, performance.now());
    }
  }

  delete(entry: T): void {
    this.#entries.delete(entry);
  }

  [Symbol.iterator](): SetIterator<T> {
    return this.#entries.values();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#entries.clear();
    this.#armedFor = -Infinity;
  }

  #arm(at: number, now: number): void {
    clearTimeout(this.#timer);
    this.#armedFor = at;
    this.#timer = setTimeout(
      () => {
        this.#sweep();
      },
      Math.min(Math.max(0, Math.ceil(at - now)), MAX_TIMER_MS),
    ).unref();
  }

  #sweep(): void {
    const now = performance.now();
    this.#armedFor = Infinity;
    let next = Infinity;
    for (const entry of this.#entries) {
      // A timer counts whole milliseconds of another clock.
      if (entry.dueAt - now < 1) {
        entry.expire();
      }
      if (entry.dueAt < next && this.#entries.has(entry)) {
        next = entry.dueAt;
      }
    }
    if (next < this.#armedFor) {
      this.#arm(Math.max(next, now + MIN_PAUSE_MS), now);
    }
  }
}
