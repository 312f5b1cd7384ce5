/** Counts calls in flight and lets no more than `max` in. */
export class Concurrency {
  #max: number;
  #inFlight = 0;

  /** @param max Whole number from 1; `Infinity` only counts. */
  constructor(max: number) {
    this.#max = checkMax(max);
  }

  get max(): number {
    return this.#max;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Enters, and must then be left once by `leave`; or says that there is no room. */
  tryEnter(): boolean {
    if (this.#inFlight >= this.#max) return false;
    this.#inFlight += 1;
    return true;
  }

  /** @throws {RangeError} When nobody is in: somebody left twice. */
  leave(): void {
    if (this.#inFlight === 0) throw new RangeError('Cannot leave a gate that nobody entered');
    this.#inFlight -= 1;
  }

  /** The way for callers without a place for the balance: a function that leaves, however often it is called, once; undefined when there is no room. */
  tryAcquire(): (() => void) | undefined {
    if (!this.tryEnter()) return undefined;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.leave();
    };
  }

  /** Changes the limit. Who is in stays in, also above a lower limit. */
  changeMax(max: number): void {
    this.#max = checkMax(max);
  }
}

/** @throws {RangeError} When `max` is neither a whole number from 1 nor `Infinity`. */
export function checkMax(max: number): number {
  if (max === Infinity || (Number.isInteger(max) && max >= 1)) return max;
  throw new RangeError(`Limit of calls in flight ${max} is not a whole number from 1`);
}
