import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/upstream/quoted.ts';

describe('quoted()', () => {
  it('keeps a message in one line, without controls, and at most 300 characters long', () => {
    expect(quoted('plain')).toBe('plain');
    expect(quoted('a\nb"c\u001b[31m')).toBe(String.raw`a\nb\"c\u001b[31m`);
    expect(quoted('x'.repeat(1000))).toHaveLength(300);
  });
});
