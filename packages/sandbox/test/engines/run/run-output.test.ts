import { describe, expect, it } from 'vitest';
import { cutToBytes, RunOutput } from '../../../src/engines/run/run-output.ts';

describe('RunOutput', () => {
  it('keeps what is printed, in order', () => {
    const output = new RunOutput(1000);
    output.add('stdout', 'one\n');
    output.add('stderr', 'two\n');
    expect(output.pieces).toEqual([
      { stream: 'stdout', text: 'one\n' },
      { stream: 'stderr', text: 'two\n' },
    ]);
    expect(output.droppedBytes).toBe(0);
  });

  it('keeps exactly what fits, and counts the rest', () => {
    const output = new RunOutput(100);
    expect(output.add('stdout', 'x'.repeat(100))).toHaveLength(100);
    expect(output.add('stdout', 'yyy')).toBe('');
    expect(output.pieces).toHaveLength(1);
    expect(output.droppedBytes).toBe(3);
  });

  it('cuts the piece that does not fit', () => {
    const output = new RunOutput(100);
    expect(output.add('stdout', 'x'.repeat(120))).toBe('x'.repeat(100));
    expect(output.droppedBytes).toBe(20);
  });

  it('drops half a character rather than keeping it', () => {
    const output = new RunOutput(17);
    expect(output.add('stdout', `${'x'.repeat(16)}é`)).toBe('x'.repeat(16));
    expect(output.droppedBytes).toBe(2);
  });

  it('counts 16 bytes at least for each piece, so that empty ones are not free', () => {
    const output = new RunOutput(160);
    for (let index = 0; index < 1000; index += 1) {
      output.add('stdout', '\n');
    }
    expect(output.pieces).toHaveLength(10);
    expect(output.droppedBytes).toBe(990);
  });

  it('is flooded by more than ten times of what it keeps', () => {
    const output = new RunOutput(100);
    output.add('stdout', 'x'.repeat(1000));
    expect(output.flooded).toBe(false);
    output.add('stdout', '');
    expect(output.flooded).toBe(true);
  });
});

describe('cutToBytes()', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aé', 2, 'a'],
    ['aé', 3, 'aé'],
    ['€€', 5, '€'],
    ['🦊🦊', 4, '🦊'],
    ['🦊🦊', 7, '🦊'],
    ['🦊', 3, ''],
    ['x', 0, ''],
  ])('cuts %s to %i bytes', (text, bytes, expected) => {
    expect(cutToBytes(text, bytes)).toBe(expected);
  });
});
