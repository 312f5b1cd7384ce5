/** Stands for every value that found no room. */
export const OTHER_LABEL = 'other';

const USABLE = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

/**
 * Keeps the number of values that a metric label can take within bounds, whatever callers send.
 *
 * A value is *proven* when the gateway knows it from elsewhere than the caller, for instance because an upstream answered. Values that are not have a smaller room of their
 * own, so that invented names cannot crowd out real ones.
 */
export class BoundedLabels {
  readonly #max: number;
  readonly #maxUnproven: number;
  readonly #proven = new Set<string>();
  readonly #unproven = new Set<string>();

  /**
   * @param max Values in all, `other` not counted.
   * @param maxUnproven How many of them may be unproven. Default: all.
   */
  constructor(max: number, maxUnproven = max) {
    this.#max = max;
    this.#maxUnproven = maxUnproven;
  }

  get size(): number {
    return this.#proven.size + this.#unproven.size;
  }

  /** The label for `value`: the value itself, or `other` when there is no room, or it is longer than 128 characters or not printable. */
  label(value: string, proven = false): string {
    if (this.#proven.has(value)) return value;
    if (this.#unproven.has(value)) {
      if (proven) {
        this.#unproven.delete(value);
        this.#proven.add(value);
      }
      return value;
    }
    if (
      this.size >= this.#max ||
      (!proven && this.#unproven.size >= this.#maxUnproven) ||
      !USABLE.test(value)
    )
      return OTHER_LABEL;
    (proven ? this.#proven : this.#unproven).add(value);
    return value;
  }
}
