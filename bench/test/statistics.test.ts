import { describe, expect, it } from 'vitest';
import { pairwise, quantile, spreadOf } from '../statistics.ts';

describe('spreadOf()', () => {
  it('takes the middle of an odd number of values in any order', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    expect(spreadOf([4, 1, 3, 100])).toEqual({ min: 1, median: 3.5, max: 100 });
  });

  it('sorts as numbers and leaves the input alone', () => {
    const values = [10, 9, 2];
    expect(spreadOf(values).median).toBe(9);
    expect(values).toEqual([10, 9, 2]);
  });

  it('is NaN when a round has no value', () => {
    expect(spreadOf([1, Number.NaN, 2])).toEqual({ min: Number.NaN, median: Number.NaN, max: Number.NaN });
  });

  it('refuses no values', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('quantile()', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0.5, 50],
    [0.9, 90],
    [0.99, 99],
    [1, 100],
  ])('gives the nearest rank for %f', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it('gives the one value there is for every share', () => {
    expect([0.01, 0.5, 1].map((share) => quantile([7], share))).toEqual([7, 7, 7]);
  });

  it('gives NaN without values', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('pairwise()', () => {
  it('combines what belongs to the same round before it looks for the middle', () => {
    // The ratio of the medians would be 2.
    expect(pairwise([2, 10, 40], [1, 20, 10], (a, b) => a / b)).toEqual({ min: 0.5, median: 2, max: 4 });
    expect(pairwise([2, 10, 40], [20, 1, 10], (a, b) => a / b).median).toBe(4);
  });

  it('refuses series of different length', () => {
    expect(() => pairwise([1, 2], [1], (a) => a)).toThrow(RangeError);
  });
});
