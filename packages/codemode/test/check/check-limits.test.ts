import { describe, expect, it } from 'vitest';
import { asCheckLimits, DEFAULT_CHECK_LIMITS } from '../../src/check/check-limits.ts';
import { createScriptChecker } from '../../src/check/create-checker.ts';

describe('asCheckLimits()', () => {
  it('fills in the defaults', () => {
    expect(asCheckLimits({})).toEqual(DEFAULT_CHECK_LIMITS);
    expect(asCheckLimits({ timeoutMs: 5 })).toEqual({ ...DEFAULT_CHECK_LIMITS, timeoutMs: 5 });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a limit of %d', (value) => {
    expect(() => asCheckLimits({ concurrency: value })).toThrow(RangeError);
    expect(() => asCheckLimits({ concurrency: value })).toThrow('Limit "concurrency"');
  });

  it('lets nobody wait and nothing be remembered', () => {
    expect(asCheckLimits({ maxWaiting: 0, maxVerdicts: 0 })).toMatchObject({ maxWaiting: 0, maxVerdicts: 0 });
    expect(() => asCheckLimits({ maxVerdicts: -1 })).toThrow('from 0');
  });
});

describe('createScriptChecker()', () => {
  it('refuses limits that make no sense', () => {
    expect(() => createScriptChecker({ limits: { timeoutMs: 0 } })).toThrow(RangeError);
  });
});
