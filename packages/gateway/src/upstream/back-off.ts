const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;
/** A start that held for so long counts as a success; an end after it is no failure of starting. */
const STABLE_MS = 10_000;

/** When a server that keeps failing may be started again: at once after the first failure, then after 0.5 s, 1 s, 2 s … up to a minute. */
export class BackOff {
  #failures = 0;
  #notBefore = 0;

  /** Milliseconds until the next start is due; zero when it may be tried now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#notBefore - nowMs);
  }

  failed(nowMs: number): void {
    this.#failures += 1;
    const delayMs =
      this.#failures < 2 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#failures - 2));
    this.#notBefore = nowMs + delayMs;
  }

  /** A running server ended after `upMs`. */
  ended(nowMs: number, upMs: number): void {
    if (upMs >= STABLE_MS) {
      this.#failures = 0;
    }
    this.failed(nowMs);
  }
}
