import type { Rate } from './rate.ts';

export type TakeResult = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Sums of fractions of a token may miss a whole one by so much; it stays owed. */
const ROUNDING = 1e-9;

const TAKEN: TakeResult = Object.freeze({ ok: true });

/**
 * Admits `burst` calls at once and then `rate` calls over time.
 *
 * In any stretch of time never more than `burst + rate * time` calls are admitted. Time is what the clock moved forward: a clock that jumps back gives no tokens and takes none,
 * and the bucket goes on filling from there.
 */
export class TokenBucket {
  #rate: Rate;
  #tokens: number;
  #readAt: number;
  readonly #clock: () => number;

  /** @param clock Monotonic milliseconds. */
  constructor(rate: Rate, clock: () => number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#clock = clock;
    this.#readAt = clock();
  }

  get rate(): Rate {
    return this.#rate;
  }

  /** True when nothing is owed: a new bucket would be the same. */
  get full(): boolean {
    this.#fill();
    return this.#tokens >= this.#rate.burst - ROUNDING;
  }

  /** Takes one token. `retryAfterMs` is when the next one will be there, if nobody else takes it. */
  take(): TakeResult {
    this.#fill();
    if (this.#tokens >= 1 - ROUNDING) {
      this.#tokens -= 1;
      return TAKEN;
    }
    return { ok: false, retryAfterMs: Math.max(1, Math.ceil((1 - this.#tokens) / this.#rate.callsPerMs)) };
  }

  /** Returns a token whose call did not happen. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
  }

  /** Continues with another rate. What was used stays used, so a changed limit is no way to a fresh burst. */
  changeRate(rate: Rate): void {
    this.#fill();
    this.#tokens = Math.max(0, this.#tokens + rate.burst - this.#rate.burst);
    this.#rate = rate;
  }

  #fill(): void {
    const now = this.#clock();
    const elapsedMs = now - this.#readAt;
    this.#readAt = now;
    if (elapsedMs > 0)
      this.#tokens = Math.min(this.#rate.burst, this.#tokens + elapsedMs * this.#rate.callsPerMs);
  }
}
