import { describe, expect, it } from 'vitest';
import { parseRate } from '../../src/limit/index.ts';

describe('parseRate()', () => {
  it.each([
    ['1/s', 1 / 1000, 1],
    ['600/min', 600 / 60_000, 600],
    ['10/h', 10 / 3_600_000, 10],
    ['999999999/s', 999_999.999, 999_999_999],
  ])('reads %s, with as much burst as calls in one unit', (calls, callsPerMs, burst) => {
    const rate = parseRate({ calls });
    expect(rate.callsPerMs).toBeCloseTo(callsPerMs, 12);
    expect(rate).toMatchObject({ burst, text: calls });
  });

  it('takes the burst that is given', () => {
    expect(parseRate({ calls: '600/min', burst: 5 }).burst).toBe(5);
  });

  it.each([
    '',
    '600',
    '600/',
    '/min',
    '0/min',
    '-1/min',
    '1.5/s',
    '600/minute',
    '600/MIN',
    ' 600/min',
    '600/min ',
    '600/min\n',
    '1e3/s',
    '06/s',
    '1234567890/s',
    '٣/s',
  ])('refuses %j', (calls) => {
    expect(() => parseRate({ calls })).toThrow(SyntaxError);
  });

  it('cuts what it quotes', () => {
    expect(() => parseRate({ calls: 'x'.repeat(10_000) })).toThrow(/^.{1,120}$/);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_000_001])(
    'refuses a burst of %d',
    (burst) => {
      expect(() => parseRate({ calls: '1/s', burst })).toThrow(RangeError);
    },
  );
});
