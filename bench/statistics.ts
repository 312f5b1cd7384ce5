/** Smallest, middle and largest of a few measured values; all NaN when one of them is, for then something was not measured. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) {
    throw new RangeError('Cannot describe no values');
  }
  if (values.some(Number.isNaN)) {
    return { min: Number.NaN, median: Number.NaN, max: Number.NaN };
  }
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return { min: sorted[0] ?? Number.NaN, median: (lower + upper) / 2, max: sorted.at(-1) ?? Number.NaN };
}

/**
 * The value that `share` of all values do not exceed (nearest rank); NaN without values.
 *
 * @param sorted Ascending.
 * @param share Above 0, at most 1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Combines two series value by value: what was measured in one round is compared with what was measured in the same round. */
export function pairwise(
  left: readonly number[],
  right: readonly number[],
  combine: (left: number, right: number) => number,
): Spread {
  if (left.length !== right.length) {
    throw new RangeError(`Cannot pair ${left.length} rounds with ${right.length}`);
  }
  return spreadOf(left.map((value, index) => combine(value, right[index] ?? Number.NaN)));
}
