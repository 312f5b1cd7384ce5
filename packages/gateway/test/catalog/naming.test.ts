import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { assignNames, type NamedTarget } from '../../src/catalog/index.ts';

const of = (...pairs: readonly (readonly [string, string])[]): NamedTarget[] =>
  pairs.map(([server, name]) => ({ server, name }));
const namesOf = (targets: readonly NamedTarget[]): string[] => [...assignNames(targets).keys()];

const server = fc.string({ unit: fc.constantFrom('a', 'b', '_', '-'), minLength: 1, maxLength: 12 });
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '_', '2', '3'), minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '_', '💥'), minLength: 50, maxLength: 80 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
);
const targets = fc.uniqueArray(fc.record({ server, name }), {
  selector: (target) => `${target.server}\0${target.name}`,
  maxLength: 40,
});

describe('assignNames()', () => {
  it('joins server and name', () => {
    expect(namesOf(of(['github', 'list_issues'], ['files', 'read']))).toEqual([
      'github_list_issues',
      'files_read',
    ]);
  });

  it('says where each name leads', () => {
    const table = assignNames(of(['a', 'b_c'], ['a_b', 'c']));
    expect([...table]).toEqual([
      ['a_b_c', { server: 'a', name: 'b_c' }],
      ['a_b_c_2', { server: 'a_b', name: 'c' }],
    ]);
  });

  it('counts on from a suffix that is taken by a real name', () => {
    expect(namesOf(of(['a', 'b_c'], ['a', 'b_c_2'], ['a_b', 'c'], ['a_b', 'c_2']))).toEqual([
      'a_b_c',
      'a_b_c_2',
      'a_b_c_3',
      'a_b_c_2_2',
    ]);
  });

  it('leaves a name of 64 characters as it is and shortens one of 65, with a hash of the whole', () => {
    const [exact, over] = namesOf(of(['s', 'x'.repeat(62)], ['s', 'x'.repeat(63)]));
    expect(exact).toBe(`s_${'x'.repeat(62)}`);
    expect(over).toMatch(/^s_x{53}_[0-9a-f]{8}$/);
  });

  it('tells long names apart that differ only at the end', () => {
    const [first, second] = namesOf(of(['s', `${'x'.repeat(100)}1`], ['s', `${'x'.repeat(100)}2`]));
    expect(first).not.toBe(second);
    expect(first).not.toMatch(/_2$/);
  });

  it('keeps the suffix of a clash within 64 characters', () => {
    const long = 'x'.repeat(60);
    const found = namesOf(of(['a', `b_${long}`], ['a_b', long]));
    expect(found).toEqual([`a_b_${long}`, `a_b_${'x'.repeat(58)}_2`]);
    expect(found.map(({ length }) => length)).toEqual([64, 64]);
  });

  it('never cuts a character in half, which no client could send back', () => {
    const found = namesOf([
      ...Array.from({ length: 8 }, (_, n) => ({ server: 's'.repeat(n + 1), name: '💥'.repeat(40) })),
      ...of(['a', `b_${'x'.repeat(57)}💥y`], ['a_b', `${'x'.repeat(57)}💥y`]),
    ]);
    expect(found.every((one) => one.isWellFormed())).toBe(true);
  });

  it('gives every target one name, unique and at most 64 characters long', () => {
    fc.assert(
      fc.property(targets, (given) => {
        const table = assignNames(given);
        expect([...table.values()]).toEqual(given);
        for (const one of table.keys()) {
          expect(one.length).toBeLessThanOrEqual(64);
          expect(one.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('gives the same names for the same targets, and earlier ones keep theirs when more come', () => {
    fc.assert(
      fc.property(targets, targets, (given, more) => {
        const known = new Set(given.map((target) => `${target.server}\0${target.name}`));
        const added = more.filter((target) => !known.has(`${target.server}\0${target.name}`));
        expect(namesOf(given)).toEqual(namesOf(given));
        expect(namesOf([...given, ...added]).slice(0, given.length)).toEqual(namesOf(given));
      }),
    );
  });

  it('gives the same names in any order, as long as nothing clashes', () => {
    const peaceful = targets.map((given) => [
      ...new Map(given.map((target) => [namesOf([target])[0], target])).values(),
    ]);
    const twice = peaceful.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(twice, ([given, turned]) => {
        expect(namesOf(turned).toSorted()).toEqual(namesOf(given).toSorted());
        for (const [one, target] of assignNames(given)) expect(assignNames(turned).get(one)).toEqual(target);
      }),
    );
  });

  it('counts on for as many as want one name', () => {
    const parts = Array.from({ length: 30 }, () => 'a');
    const clashing = Array.from({ length: 29 }, (_, n) => ({
      server: parts.slice(0, n + 1).join('_'),
      name: parts.slice(n + 1).join('_'),
    }));
    const found = namesOf(clashing);
    expect(found[0]).toBe(parts.join('_'));
    expect(found.slice(1)).toEqual(Array.from({ length: 28 }, (_, n) => `${parts.join('_')}_${n + 2}`));
  });
});
