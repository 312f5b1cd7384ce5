import { describe, expect, it } from 'vitest';
import { firstLines } from '../../src/output/first-lines.ts';

const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `line ${n}`);

describe('firstLines()', () => {
  it.each([0, 1, 100])('leaves %d lines as they are', (count) => {
    expect(firstLines(lines(count), 'warning')).toEqual(lines(count));
  });

  it.each([
    [101, '… and 1 more warning; --json shows all'],
    [5000, '… and 4900 more warnings; --json shows all'],
  ])('shows a hundred of %d, and how many more there are', (count, last) => {
    expect(firstLines(lines(count), 'warning')).toEqual([...lines(100), last]);
  });
});
