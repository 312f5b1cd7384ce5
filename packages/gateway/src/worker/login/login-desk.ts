import type { RateConfig } from '../../config/schema.ts';
import { FailureLimit } from '../../identity/failure-limit.ts';
import { asFields, flagOf, textOf } from '../channel/fields.ts';

/** Whole seconds that a caller has to wait; 0 when it need not. */
export interface WaitAnswer {
  readonly waitSeconds: number;
}

/**
 * Counts failed logins for all workers, as one gateway does: what a worker found out about a credential reaches its caller only after this desk has counted it, so
 * several workers allow no more guesses than one.
 */
export class LoginDesk {
  readonly #failures: FailureLimit;

  /** @throws {SyntaxError | RangeError} When the rate cannot be read. */
  constructor(rate: RateConfig, monotonicMs: () => number) {
    this.#failures = new FailureLimit(rate, monotonicMs);
  }

  /** Continues with another rate; failures so far stay counted. */
  changeRate(rate: RateConfig): void {
    this.#failures.changeRate(rate);
  }

  /**
   * Whether anybody from this source may try this credential now. Counts nothing.
   *
   * @throws {ChannelError} `CHANNEL_BROKEN` when that is no question.
   */
  mayTry(body: unknown): WaitAnswer {
    const fields = asFields(body);
    return { waitSeconds: this.#wait(textOf(fields, 'source'), textOf(fields, 'credential')) };
  }

  /**
   * Whether a caller may be told that its credential works, or that it does not. A success is remembered, a failure counted.
   *
   * @throws {ChannelError} `CHANNEL_BROKEN` when that is no question.
   */
  verdict(body: unknown): WaitAnswer {
    const fields = asFields(body);
    const source = textOf(fields, 'source');
    const credential = textOf(fields, 'credential');
    const works = flagOf(fields, 'works');
    const waitSeconds = this.#wait(source, credential);
    if (waitSeconds === 0 && works) {
      this.#failures.trust(source, credential);
    } else if (waitSeconds === 0) {
      this.#failures.fail(source);
    }
    return { waitSeconds };
  }

  #wait(source: string, credential: string): number {
    const waitSeconds = this.#failures.waitSeconds(source);
    return waitSeconds > 0 && this.#failures.isTrusted(source, credential) ? 0 : waitSeconds;
  }
}
