const MAX_READ_UNITS = 65_536;

/** Thrown inside a validator when the arguments are too large to be judged; never leaves the constraint. */
export class TooMuchToRead extends Error {}

/**
 * How much text the patterns and formats of one rule may read of one call, in UTF-16 code units. Linear-time matching of megabytes is still slow.
 */
export class ReadingBudget {
  #left = MAX_READ_UNITS;

  refill(): void {
    this.#left = MAX_READ_UNITS;
  }

  /** @throws {TooMuchToRead} When the budget is used up. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new TooMuchToRead();
  }
}
