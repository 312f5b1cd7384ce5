import type { Clock } from '../../lib/clock.ts';

/** Counts the time of a run. It stands still while anyone holds it. */
export class WallClock implements Disposable {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  readonly #onExpired: () => void;
  readonly #startedAt: number;
  #timer: Disposable | undefined;
  #holders = 0;
  #heldSince = 0;
  #heldMs = 0;
  #stopped = false;

  /** Starts counting at once. */
  constructor(clock: Clock, budgetMs: number, onExpired: () => void) {
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#onExpired = onExpired;
    this.#startedAt = clock.now();
    this.#arm();
  }

  /** Milliseconds since the start, all of them. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /** Milliseconds since the start, without those in which it was held. */
  get countedMs(): number {
    const holding = this.#holders > 0 ? this.#clock.now() - this.#heldSince : 0;
    return this.elapsedMs - this.#heldMs - holding;
  }

  /** Stands still until the returned value is disposed of; several may hold at the same time. */
  hold(): Disposable {
    if (this.#holders === 0) {
      this.#heldSince = this.#clock.now();
      this.#timer?.[Symbol.dispose]();
    }
    this.#holders += 1;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) {
          held = false;
          this.#release();
        }
      },
    };
  }

  /** Never expires after this. */
  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) {
      this.#heldMs += this.#clock.now() - this.#heldSince;
      this.#arm();
    }
  }

  #arm(): void {
    if (!this.#stopped) {
      this.#timer = this.#clock.after(Math.max(0, this.#budgetMs - this.countedMs), this.#onExpired);
    }
  }
}
