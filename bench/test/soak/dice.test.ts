import { describe, expect, it } from 'vitest';
import { Dice } from '../../soak/dice.ts';

const THROWS = 10_000;
const throws = (dice: Dice): readonly number[] => Array.from({ length: THROWS }, () => dice.next());

describe('Dice', () => {
  it('decides the same by the same seed and name', () => {
    expect(throws(new Dice(7, 'a'))).toEqual(throws(new Dice(7, 'a')));
  });

  it.each([
    ['seed', new Dice(8, 'a')],
    ['name', new Dice(7, 'b')],
  ])('decides otherwise by another %s', (_what, other) => {
    expect(throws(other)).not.toEqual(throws(new Dice(7, 'a')));
  });

  it('next() covers the range from 0 to 1 evenly, without 1', () => {
    const thrown = throws(new Dice(0, ''));
    expect(Math.min(...thrown)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...thrown)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const count = thrown.filter((value) => Math.floor(value * 10) === tenth).length;
      expect(count).toBeGreaterThan(THROWS / 10 / 1.25);
      expect(count).toBeLessThan((THROWS / 10) * 1.25);
    }
  });

  it('between() gives both ends and nothing beyond', () => {
    const dice = new Dice(1, 'between');
    const seen = new Set(Array.from({ length: 1000 }, () => dice.between(3, 5)));
    expect(seen).toEqual(new Set([3, 4, 5]));
    expect(dice.between(9, 9)).toBe(9);
  });

  it('chance() is never at 0 and always at 1', () => {
    const dice = new Dice(1, 'chance');
    expect(Array.from({ length: 100 }, () => dice.chance(0))).not.toContain(true);
    expect(Array.from({ length: 100 }, () => dice.chance(1))).not.toContain(false);
  });

  it('pick() refuses to pick from nothing', () => {
    expect(() => new Dice(1, 'pick').pick([])).toThrow(RangeError);
    expect(new Dice(1, 'pick').pick(['only'])).toBe('only');
  });
});
