const MAX_KEPT = 20_000;

/** Remembers which states that are good for one use were used, for as long as they open. */
export class UsedStates {
  readonly #now: () => number;
  readonly #forMs: number;
  readonly #until = new Map<string, number>();

  /** @param now Milliseconds of a monotonic clock. */
  constructor(now: () => number, forMs: number) {
    this.#now = now;
    this.#forMs = forMs;
  }

  /** Whether this is the first use. When there is no room to remember it, it does not count as one. */
  isFirstUse(call: string): boolean {
    const now = this.#now();
    for (const [known, until] of this.#until) {
      if (until > now) {
        break;
      }
      this.#until.delete(known);
    }
    if (this.#until.has(call) || this.#until.size >= MAX_KEPT) {
      return false;
    }
    this.#until.set(call, now + this.#forMs);
    return true;
  }
}
