import { describe, expect, it } from 'vitest';
import { makeDescribeError } from '../../../../../src/engines/javascript/runner/guest/make-describe-error.js';
import { makeInspect } from '../../../../../src/engines/javascript/runner/guest/make-inspect.js';
import { makeToJson } from '../../../../../src/engines/javascript/runner/guest/make-to-json.js';

const describeError = makeDescribeError(makeInspect(), makeToJson());
const throwing = () => {
  throw new Error('trap');
};

describe('describeError()', () => {
  it('gives name, message and stack of an error', () => {
    const error = new RangeError('far');
    expect(describeError(error)).toEqual({
      name: 'RangeError',
      message: 'far',
      stack: error.stack,
      details: undefined,
    });
  });

  it('gives details as JSON text', () => {
    expect(describeError(Object.assign(new Error('a'), { details: { code: 1 } })).details).toBe('{"code":1}');
  });

  it.each([
    ['a text', 'no', 'no'],
    ['undefined', undefined, 'undefined'],
    ['an object', { a: 1 }, '{ a: 1 }'],
    ['a function', function f() {}, '[Function: f]'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
  ])('shows %s that was thrown', (_name, thrown, message) => {
    expect(describeError(thrown)).toMatchObject({ name: 'Error', message });
  });

  it('takes an object with a message for an error', () => {
    expect(describeError({ name: 'Mine', message: 'm' })).toMatchObject({
      name: 'Mine',
      message: 'm',
      stack: '',
    });
  });

  it.each([
    ['message', 'a'],
    ['name', 'a'],
    ['stack', 'a'],
    ['details', 'a'],
  ])('survives a %s that throws', (key) => {
    const error = Object.defineProperty(new Error('a'), key, { get: throwing });
    expect(describeError(error).name).toBe('Error');
  });

  it('does not run a getter for details', () => {
    const error = Object.defineProperty(new Error('a'), 'details', { get: () => 'lie' });
    expect(describeError(error).details).toBeUndefined();
  });

  it('survives a proxy whose traps all throw', () => {
    const proxy = new Proxy({}, { get: throwing, ownKeys: throwing, getPrototypeOf: throwing });
    expect(describeError(proxy)).toEqual({
      name: 'Error',
      message: '[unreadable]',
      stack: '',
      details: undefined,
    });
  });

  it('survives members of other types', () => {
    expect(describeError({ message: 5, name: {} }).message).toContain('message: 5');
    expect(describeError({ message: 'm', name: 5, stack: 7 })).toMatchObject({ name: 'Error', stack: '' });
  });

  it('bounds everything', () => {
    const error = Object.assign(new Error('m'.repeat(1e6)), { details: 'd'.repeat(1e6) });
    error.name = 'n'.repeat(1e6);
    error.stack = 's'.repeat(1e6);
    const told = describeError(error);
    expect(told.message).toHaveLength(8192);
    expect(told.name).toHaveLength(100);
    expect(told.stack).toHaveLength(16_384);
    expect(told.details).toBeUndefined();
  });
});
