import { Concurrency } from './concurrency.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Rate } from './rate.ts';

/** What one principal, server or tool may do. */
export interface LimitSpec {
  readonly rate: Rate | undefined;
  /** Calls in flight; `Infinity` for no limit. */
  readonly concurrency: number;
}

export type LimitCode = 'RATE_LIMITED' | 'TOO_MANY_IN_FLIGHT';

export interface LimitRefusal {
  readonly code: LimitCode;
  readonly retryAfterMs: number;
  /** The limit that was reached, such as `600/min` or `10 in flight`. */
  readonly limit: string;
}

/** Nobody knows when a call in flight will end; this is a polite guess. */
const IN_FLIGHT_RETRY_MS = 1000;

/** Rate and concurrency of one principal, server or tool. */
export class Limit {
  readonly #gate: Concurrency;
  #bucket: TokenBucket | undefined;
  readonly #clock: () => number;

  constructor(spec: LimitSpec, clock: () => number) {
    this.#clock = clock;
    this.#gate = new Concurrency(spec.concurrency);
    this.#bucket = spec.rate === undefined ? undefined : new TokenBucket(spec.rate, clock);
  }

  /** True when forgetting this limit and making it anew would change nothing. */
  get idle(): boolean {
    return this.#gate.inFlight === 0 && (this.#bucket?.full ?? true);
  }

  /** Lets a call in; undefined means that it is in and must end with `leave` or `undo`. */
  enter(): LimitRefusal | undefined {
    // The gate first: a call without room must not cost a token.
    if (!this.#gate.tryEnter()) {
      return {
        code: 'TOO_MANY_IN_FLIGHT',
        retryAfterMs: IN_FLIGHT_RETRY_MS,
        limit: `${this.#gate.max} in flight`,
      };
    }
    const taken = this.#bucket?.take();
    if (taken === undefined || taken.ok) return undefined;
    this.#gate.leave();
    return { code: 'RATE_LIMITED', retryAfterMs: taken.retryAfterMs, limit: this.#bucket?.rate.text ?? '' };
  }

  /** The call ended. */
  leave(): void {
    this.#gate.leave();
  }

  /** The call did not happen: its token comes back too. */
  undo(): void {
    this.#gate.leave();
    this.#bucket?.giveBack();
  }

  /** Goes on under another limit; calls in flight and used tokens stay counted. */
  change(spec: LimitSpec): void {
    this.#gate.changeMax(spec.concurrency);
    if (spec.rate === undefined) this.#bucket = undefined;
    else if (this.#bucket === undefined) this.#bucket = new TokenBucket(spec.rate, this.#clock);
    else this.#bucket.changeRate(spec.rate);
  }
}
