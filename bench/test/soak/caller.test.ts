import { describe, expect, it } from 'vitest';
import { CallFailed, kindOf } from '../../soak/client/caller.ts';

describe('kindOf()', () => {
  it.each([
    ['the kind of a failed call', new CallFailed('HTTP 502'), 'HTTP 502'],
    ['the code of a protocol error', Object.assign(new Error('x'), { code: -32_603 }), '-32603'],
    ['the status of a response', Object.assign(new Error('x'), { status: 503, code: 'HTTP' }), 'HTTP 503'],
    [
      'what broke a connection',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
      'ECONNRESET',
    ],
    ['the name of an error that says nothing else', new RangeError('x'), 'RangeError'],
    ['that it is no error', 'x', 'unknown'],
  ])('finds %s', (_what, error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });
});

describe('CallFailed', () => {
  it('keeps its kind and its cause', () => {
    const cause = new Error('why');
    expect(new CallFailed('HTTP 503', { cause })).toMatchObject({
      name: 'CallFailed',
      kind: 'HTTP 503',
      cause,
    });
  });
});
