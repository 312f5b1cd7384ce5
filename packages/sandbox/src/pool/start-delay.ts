const FIRST_MS = 1000;
const MAX_MS = 30_000;

/** How long to wait before the next attempt to refill: twice as long after each failure in a row. */
export class StartDelay {
  #failures = 0;

  get failing(): boolean {
    return this.#failures > 0;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
  }

  ms(usualMs: number): number {
    return this.failing ? Math.min(FIRST_MS * 2 ** (this.#failures - 1), MAX_MS) : usualMs;
  }
}
