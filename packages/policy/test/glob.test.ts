import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glob } from '../src/glob.ts';

const globText = fc
  .array(fc.constantFrom('a', 'b', '*', '.', '?'), { maxLength: 8 })
  .map((parts) => parts.join(''));
const subject = fc
  .array(fc.constantFrom('a', 'b', '.', '?', '*'), { maxLength: 12 })
  .map((parts) => parts.join(''));

function oracle(glob: string, text: string): boolean {
  const source = glob.replaceAll(/[.?]/g, String.raw`\$&`).replaceAll('*', '[^]*');
  return new RegExp(`^${source}$`).test(text);
}

describe('Glob.matches()', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['abc', 'ABC', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a\nb', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*a', 'ab', false],
    ['a*b*a', 'aba', true],
    ['ab*ba', 'aba', false],
    ['*ab*', 'xabx', true],
    ['*ab*ab*', 'xabx', false],
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['[ab]', 'a', false],
    ['^a$', '^a$', true],
  ])('%j on %j is %j', (glob, text, expected) => {
    expect(new Glob(glob).matches(text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(globText, subject, (glob, text) => {
        expect(new Glob(glob).matches(text)).toBe(oracle(glob, text));
      }),
      { numRuns: 5000 },
    );
  });

  it('does not go back, however many stars there are', () => {
    const glob = new Glob(`${'*a'.repeat(250)}*b`);
    expect(glob.matches('a'.repeat(100_000))).toBe(false);
    expect(glob.matches(`${'a'.repeat(100_000)}b`)).toBe(true);
  });
});

describe('Glob.covers()', () => {
  it.each([
    ['*', '*', true],
    ['*', 'a*b', true],
    ['a*', 'a*b', true],
    ['a*', 'ab*', true],
    ['a*', '*', false],
    ['ab*', 'a*', false],
    ['a*b', 'a*', false],
    ['*a*', 'a*', true],
    ['*a*b*', '*ab*', true],
    ['*ab*', '*a*b*', false],
    ['a*a', 'aa', true],
    ['a*a', 'a', false],
    ['abc', 'abc', true],
    ['abc', 'a*c', false],
  ])('%j over %j is %j', (wide, narrow, expected) => {
    expect(new Glob(wide).covers(new Glob(narrow))).toBe(expected);
  });

  it('promises that what the narrow one matches, the wide one matches', () => {
    fc.assert(
      fc.property(
        globText,
        globText,
        fc.array(subject, { minLength: 9, maxLength: 9 }),
        (wide, narrow, fills) => {
          fc.pre(new Glob(wide).covers(new Glob(narrow)));
          let next = 0;
          const text = narrow.replaceAll('*', () => fills[next++] ?? '');
          expect(oracle(wide, text)).toBe(true);
        },
      ),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
  });

  it('denies only where a text shows the difference', () => {
    fc.assert(
      fc.property(globText, globText, (wide, narrow) => {
        const witness = narrow.replaceAll('*', 'ω');
        expect(new Glob(wide).covers(new Glob(narrow))).toBe(oracle(wide, witness));
      }),
      { numRuns: 2000 },
    );
  });
});
