import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileToolSettings } from '../../src/limit/index.ts';

interface Settings {
  a?: number;
  b?: number;
}

describe('compileToolSettings()', () => {
  it('prefers the exact name, then the glob with the most literal characters', () => {
    const settings = compileToolSettings<Settings>({
      '*': { a: 1 },
      'read_*': { a: 2 },
      read_file: { a: 3 },
      'read_*_all': { a: 4 },
    });
    const found = ['read_file', 'read_x_all', 'read_x', 'write'].map((tool) => settings.get(tool, 'a'));
    expect(found).toEqual([3, 4, 2, 1]);
  });

  it('looks for each setting on its own', () => {
    const settings = compileToolSettings<Settings>({ '*': { a: 1 }, write: { b: 2 } });
    expect([settings.get('write', 'a'), settings.get('write', 'b'), settings.get('read', 'b')]).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  it('takes the earlier of two that are equally exact', () => {
    const settings = compileToolSettings<Settings>({ 'a*': { a: 1 }, '*z': { a: 2 } });
    expect(settings.get('az', 'a')).toBe(1);
  });

  it.each([
    ['*', '', true],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ab', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*b*b', 'ab', false],
    ['a**b', 'ab', true],
    ['read_*', 'READ_x', false],
    ['a.c*', 'abc', false],
    ['a?*', 'ab', false],
  ])('glob %s and tool %j: %s', (glob, tool, matches) => {
    expect(compileToolSettings<Settings>({ [glob]: { a: 1 } }).get(tool, 'a')).toBe(matches ? 1 : undefined);
  });

  it('agrees with a regular expression on any glob and name', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(word, name, (glob, tool) => {
        const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(tool);
        expect(compileToolSettings<Settings>({ [glob]: { a: 1 } }).get(tool, 'a') === 1).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('is not slowed down by a hostile name', () => {
    const settings = compileToolSettings<Settings>({ [`${'a*'.repeat(50)}b`]: { a: 1 } });
    expect(settings.get('a'.repeat(200_000), 'a')).toBeUndefined();
  });

  it('knows no tool called __proto__ or constructor', () => {
    const settings = compileToolSettings<Settings>({ read: { a: 1 } });
    expect([settings.get('__proto__', 'a'), settings.get('constructor', 'a')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
