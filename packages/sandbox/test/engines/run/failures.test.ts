import { describe, expect, it } from 'vitest';
import { checkLimits, failureOfLimit } from '../../../src/engines/run/failures.ts';
import { DEFAULT_LIMITS, type LimitName } from '../../../src/limits.ts';

describe('failureOfLimit()', () => {
  it.each(Object.keys(DEFAULT_LIMITS) as LimitName[])('has words for %s', (limit) => {
    const { name, message } = failureOfLimit(limit, { ...DEFAULT_LIMITS, [limit]: 4711 });
    expect(name).toMatch(/^(?:Timeout|Memory|Limit)Error$/u);
    expect(limit === 'heapBytes' || message.includes('4711')).toBe(true);
  });
});

describe('checkLimits()', () => {
  it('takes the usual limits', () => {
    expect(() => {
      checkLimits(DEFAULT_LIMITS);
    }).not.toThrow();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %d as a limit', (value) => {
    for (const name of Object.keys(DEFAULT_LIMITS)) {
      expect(() => {
        checkLimits({ ...DEFAULT_LIMITS, [name]: value });
      }).toThrow(RangeError);
    }
  });
});
