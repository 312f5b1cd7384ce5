const UINT32 = 2 ** 32;

/** Random decisions that depend on a seed and a name only, so that a run can be repeated. Not for secrets. */
export class Dice {
  #state: number;

  constructor(seed: number, name: string) {
    this.#state = seed >>> 0;
    for (const char of name) {
      this.#state = Math.imul(this.#state ^ (char.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0;
    }
  }

  /** A number from 0 up to but not including 1. */
  next(): number {
    // A Weyl sequence whose values are mixed: every state comes once in 2^32 steps.
    this.#state = (this.#state + 0x9e_37_79_b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85_eb_ca_6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / UINT32;
  }

  /** A whole number between both, each included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws {RangeError} When there is nothing to pick from. */
  pick<T>(values: readonly T[]): T {
    const picked = values[this.between(0, values.length - 1)];
    if (picked === undefined) {
      throw new RangeError('Cannot pick from nothing');
    }
    return picked;
  }
}
