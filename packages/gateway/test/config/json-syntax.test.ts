import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ifJsonSyntaxError } from '../../src/config/json-syntax.ts';

describe('ifJsonSyntaxError()', () => {
  it('finds nothing in any JSON text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        expect(ifJsonSyntaxError(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['', 1, 1],
    ['{"a":[1,]}', 1, 9],
    ['{"a":1,}', 1, 8],
    ['[1 2]', 1, 4],
    ['{"a" 1}', 1, 6],
    ['{a: 1}', 1, 2],
    ["{\n  'a': 1}", 2, 3],
    ['{"a": 01}', 1, 7],
    ['{"a": tru}', 1, 7],
    ['{"a": truely}', 1, 7],
    ['{"a": "b\nc"}', 1, 7],
    ['{"a": "\\x"}', 1, 7],
    ['{"a": "b', 1, 7],
    ['{"a": 1} // no', 1, 10],
    ['[1]]', 1, 4],
    ['[}', 1, 2],
    ['[1}', 1, 3],
    ['[,1]', 1, 2],
    ['{"a":1\n', 2, 1],
    ['a: 1', 1, 1],
    ['[NaN]', 1, 2],
  ])('finds the first wrong token of %j', (text, line, column) => {
    expect(ifJsonSyntaxError(text)).toEqual({ line, column });
  });

  it('agrees with JSON.parse on every text, and ends', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'true', ' ', '"', '\\', 'x'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (tokens) => {
        const text = tokens.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(ifJsonSyntaxError(text) === undefined).toBe(valid);
      }),
    );
  });

  it('takes linear time for a long text in quotes without end', () => {
    expect(ifJsonSyntaxError(`["${'a\\n'.repeat(300_000)}`)).toEqual({ line: 1, column: 2 });
  });
});
