/** One thing measured again and again. */
export interface Series {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Growth per minute of the line that fits best; NaN for fewer than three values. */
  readonly perMinute: number;
}

export interface Point {
  readonly minutes: number;
  readonly value: number;
}

const FEWEST = 3;

/** @throws {RangeError} When there is no point. */
export function describeSeries(points: readonly Point[]): Series {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) {
    throw new RangeError('Cannot describe no values');
  }
  return {
    first: first.value,
    last: last.value,
    most: points.reduce((most, { value }) => Math.max(most, value), first.value),
    perMinute: slopeOf(points),
  };
}

/** Least squares. */
function slopeOf(points: readonly Point[]): number {
  if (points.length < FEWEST) {
    return Number.NaN;
  }
  const mean = (pick: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ value }) => value)];
  const covariance = mean(({ minutes, value }) => (minutes - x) * (value - y));
  return covariance / mean(({ minutes }) => (minutes - x) ** 2);
}
