/** Calls `act` after `ms`; the returned function prevents it. */
export type Schedule = (act: () => void, ms: number) => () => void;

interface Turn {
  /** What is to be done at the end of the interval, the latest that was signalled. */
  pending: (() => void) | undefined;
  readonly cancel: () => void;
}

/**
 * Makes one change of many. The first signal of a key acts at once; those that follow within the interval are joined to one that acts at its end, so
 * that the last one is never lost. Keys do not wait for each other, and a key that was quiet for an interval is forgotten.
 */
export class ChangeCoalescer implements Disposable {
  readonly #intervalMs: number;
  readonly #schedule: Schedule;
  readonly #turns = new Map<string, Turn>();

  /** @param intervalMs At least so long from one action to the next. */
  constructor(intervalMs: number, schedule: Schedule = unreferencedTimer) {
    this.#intervalMs = intervalMs;
    this.#schedule = schedule;
  }

  /** @param act Must not throw. */
  signal(key: string, act: () => void): void {
    const turn = this.#turns.get(key);
    if (turn === undefined) {
      this.#begin(key);
      act();
    } else {
      turn.pending = act;
    }
  }

  [Symbol.dispose](): void {
    for (const { cancel } of this.#turns.values()) {
      cancel();
    }
    this.#turns.clear();
  }

  #begin(key: string): void {
    const cancel = this.#schedule(() => {
      this.#end(key);
    }, this.#intervalMs);
    this.#turns.set(key, { pending: undefined, cancel });
  }

  #end(key: string): void {
    const pending = this.#turns.get(key)?.pending;
    this.#turns.delete(key);
    if (pending !== undefined) {
      this.#begin(key);
      pending();
    }
  }
}

function unreferencedTimer(act: () => void, ms: number): () => void {
  const timer = setTimeout(act, ms).unref();
  return () => {
    clearTimeout(timer);
  };
}
