import { describe, expect, it } from 'vitest';
import { parseWholeNumber } from '../../src/input/whole-number.ts';

const BOUNDS = { min: 1, max: 16 };

describe('parseWholeNumber()', () => {
  it.each(['1', '16'])('accepts the bound %s', (text) => {
    expect(parseWholeNumber(text, '--limit', BOUNDS)).toBe(Number(text));
  });

  it.each(['0', '17', '', ' 1', '1.0', '1e1', '-1', '0x1', 'NaN', 'many', '9999999999999999999'])(
    'refuses %j',
    (text) => {
      expect(() => parseWholeNumber(text, '--limit', BOUNDS)).toThrow(
        expect.objectContaining({ code: 'USAGE', message: '--limit must be a whole number from 1 to 16' }),
      );
    },
  );
});
