import { parseRate, TokenBucket, type Rate } from '../limit/index.ts';
import type { RateConfig } from '../config/schema.ts';

const MAX_CALLERS = 10_000;

interface Account {
  readonly bucket: TokenBucket;
  unrecorded: number;
}

/**
 * How many refusals of one caller are recorded. Whoever has a credential can be refused without end; beyond the rate refusals are only counted, and
 * the next record says how many were left out, so that nobody can fill the disk and nothing is lost silently.
 */
export class RefusalBudget {
  readonly #clock: () => number;
  readonly #accounts = new Map<string, Account>();
  #rate: Rate;

  /** @param clock Monotonic milliseconds. */
  constructor(rate: RateConfig, clock: () => number) {
    this.#rate = parseRate(rate);
    this.#clock = clock;
  }

  /** Whether to record this refusal, and how many before it were not. */
  take(
    caller: string,
  ): { readonly record: true; readonly unrecordedBefore: number } | { readonly record: false } {
    const account = this.#account(caller);
    if (!account.bucket.take().ok) {
      account.unrecorded += 1;
      return { record: false };
    }
    const unrecordedBefore = account.unrecorded;
    account.unrecorded = 0;
    return { record: true, unrecordedBefore };
  }

  /** Continues with another rate; what was used stays used. */
  changeRate(rate: RateConfig): void {
    this.#rate = parseRate(rate);
    for (const { bucket } of this.#accounts.values()) {
      bucket.changeRate(this.#rate);
    }
  }

  #account(caller: string): Account {
    const known = this.#accounts.get(caller);
    if (known !== undefined) {
      return known;
    }
    if (this.#accounts.size >= MAX_CALLERS) {
      this.#forgetOne();
    }
    const made = { bucket: new TokenBucket(this.#rate, this.#clock), unrecorded: 0 };
    this.#accounts.set(caller, made);
    return made;
  }

  /** Callers are authenticated, so there are few; one that owes nothing goes first. */
  #forgetOne(): void {
    const [oldest] = this.#accounts.keys();
    const idle = [...this.#accounts].find(
      ([, { bucket, unrecorded }]) => unrecorded === 0 && bucket.full,
    )?.[0];
    const forgotten = idle ?? oldest;
    if (forgotten !== undefined) {
      this.#accounts.delete(forgotten);
    }
  }
}
