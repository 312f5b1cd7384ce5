import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/input/nearest.ts';

describe('nearest()', () => {
  it.each([
    ['develper', ['reader', 'developer'], 'developer'],
    ['Developer', ['developer'], 'developer'],
    ['egn', ['eng'], 'eng'],
    ['readers', ['leader', 'reader'], 'reader'],
    ['reader', ['reader', 'readers'], 'reader'],
  ])('finds for %s among %j', (text, candidates, expected) => {
    expect(nearest(text, candidates)).toBe(expected);
  });

  it.each([
    ['admin', ['reader', 'developer']],
    ['xy', ['ab']],
    ['', ['ab']],
    ['eng', []],
    ['developer', ['dev']],
  ])('finds nothing for %j among %j', (text, candidates) => {
    expect(nearest(text, candidates)).toBeUndefined();
  });

  it('takes exactly a third of the characters as near', () => {
    expect(nearest('abcdefxxx', ['abcdefghi'])).toBe('abcdefghi');
    expect(nearest('abcdexxxx', ['abcdefghi'])).toBeUndefined();
  });

  it('does not compare what is too long for a name', () => {
    const long = 'a'.repeat(101);
    expect(nearest(long, [long])).toBeUndefined();
    expect(nearest('a'.repeat(100), [long])).toBeUndefined();
    expect(nearest('a'.repeat(100), ['a'.repeat(99)])).toBe('a'.repeat(99));
  });
});
