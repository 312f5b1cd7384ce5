/** Work that wants to be told once it has taken long. */
export interface LongCall {
  /** Must not throw. */
  onLong(): void;
}

/**
 * Tells calls that have taken long. All of them share one timer, which runs only while somebody waits: most calls end long before, and for those
 * adding and taking out is all it costs.
 */
export class LongCalls {
  readonly afterMs: number;
  readonly #now: () => number;
  /** In the order in which they began, so that the first is the next to become long. */
  readonly #began = new Map<LongCall, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now Milliseconds of a monotonic clock. */
  constructor(afterMs: number, now: () => number) {
    this.afterMs = afterMs;
    this.#now = now;
  }

  add(call: LongCall): void {
    this.#began.set(call, this.#now());
    if (this.#timer === undefined) {
      this.#timer = this.#wait(this.afterMs);
    }
  }

  delete(call: LongCall): void {
    this.#began.delete(call);
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#sweep();
    }, ms).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    const until = this.#now() - this.afterMs;
    for (const [call, began] of this.#began) {
      if (began > until) {
        this.#timer = this.#wait(began - until);
        return;
      }
      this.#began.delete(call);
      call.onLong();
    }
  }
}
