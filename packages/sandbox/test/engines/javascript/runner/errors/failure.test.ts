import { describe, expect, it } from 'vitest';
import { toFailure } from '../../../../../src/engines/javascript/runner/errors/failure.js';
import { looseErrorLine } from '../../../../../src/engines/javascript/runner/errors/loose-error.js';

const thrown = { name: 'TypeError', message: 'bad', stack: '', details: undefined };

describe('toFailure()', () => {
  it('gives the frames of the script and the place of the first', () => {
    const stack = 'TypeError: bad\n    at total (script.ts:12:7)\n    at async script.ts:3:1';
    expect(toFailure({ ...thrown, stack }, 'script.ts')).toEqual({
      name: 'TypeError',
      message: 'bad',
      line: 12,
      column: 7,
      stack: 'at total (script.ts:12:7)\nat async script.ts:3:1',
    });
  });

  it('shows nothing but frames of the script', () => {
    const stack = [
      'Error: at script.ts:99:1 is no frame',
      'at secret (/home/x/runner/main.js:1:2)',
      'at x (runtime:1:2)',
      'at f (script.ts:2:3)',
      `at ${'y'.repeat(1000)} (script.ts:2:3)`,
      'at f (script.ts:0:3)',
      'at f (script.ts)',
    ].join('\n');
    expect(toFailure({ ...thrown, stack }, 'script.ts').stack).toBe('at f (script.ts:2:3)');
  });

  it('has no place without a frame', () => {
    expect(toFailure({ ...thrown, stack: 'nothing\nof use' }, 'script.ts')).toEqual({
      name: 'TypeError',
      message: 'bad',
    });
  });

  it('bounds the frames', () => {
    const stack = Array.from({ length: 100 }, (_, at) => `at f (script.ts:${at + 1}:1)`).join('\n');
    expect(toFailure({ ...thrown, stack }, 'script.ts').stack?.split('\n')).toHaveLength(20);
  });

  it('gives details, unless they are nested deep', () => {
    expect(toFailure({ ...thrown, details: '{"a":[1]}' }, 's').details).toEqual({ a: [1] });
    const deep = '['.repeat(100) + ']'.repeat(100);
    expect(toFailure({ ...thrown, details: deep }, 's').details).toBeUndefined();
  });
});

describe('looseErrorLine()', () => {
  it('is one line with name and message', () => {
    expect(looseErrorLine(new RangeError('far'))).toBe('Unhandled rejection: RangeError: far\n');
  });

  it('takes what is no error, and bounds it', () => {
    expect(looseErrorLine('text')).toBe('Unhandled rejection: text\n');
    expect(looseErrorLine('x'.repeat(1e6)).length).toBeLessThan(1100);
  });
});
