import { describe, expect, it } from 'vitest';
import { asFields, countOf, flagOf, ifTextOf, oneOf, textOf } from '../../../src/worker/channel/fields.ts';

const BROKEN = expect.objectContaining({ name: 'ChannelError', code: 'CHANNEL_BROKEN' });

describe('fields of a message', () => {
  it.each([null, undefined, 1, 'a', [], [{}]])('asFields() refuses %j', (body) => {
    expect(() => asFields(body)).toThrow(BROKEN);
  });

  it.each([{}, { a: 1 }, { a: null }, { b: 'x' }])('textOf() refuses %j', (body) => {
    expect(() => textOf(body, 'a')).toThrow(BROKEN);
  });

  it('textOf() gives an own text, also an empty one', () => {
    expect(textOf({ a: '' }, 'a')).toBe('');
  });

  it('ifTextOf() takes what is not there, and nothing else that is no text', () => {
    expect(ifTextOf({}, 'a')).toBeUndefined();
    expect(ifTextOf({ a: 'x' }, 'a')).toBe('x');
    expect(() => ifTextOf({ a: null }, 'a')).toThrow(BROKEN);
  });

  it.each([{}, { n: -1 }, { n: 0.5 }, { n: '1' }, { n: Infinity }, { n: 2 ** 53 }])(
    'countOf() refuses %j',
    (body) => {
      expect(() => countOf(body, 'n')).toThrow(BROKEN);
    },
  );

  it('countOf() takes zero', () => {
    expect(countOf({ n: 0 }, 'n')).toBe(0);
  });

  it.each([{}, { f: 0 }, { f: 'true' }, { f: null }])('flagOf() refuses %j', (body) => {
    expect(() => flagOf(body, 'f')).toThrow(BROKEN);
  });

  it('flagOf() takes both', () => {
    expect([flagOf({ f: true }, 'f'), flagOf({ f: false }, 'f')]).toEqual([true, false]);
  });

  it('oneOf() takes the words it knows only', () => {
    expect(oneOf({ a: 'x' }, 'a', ['x', 'y'])).toBe('x');
    expect(() => oneOf({ a: 'z' }, 'a', ['x', 'y'])).toThrow(BROKEN);
    expect(() => oneOf({ a: 'toString' }, 'a', ['x', 'y'])).toThrow(BROKEN);
  });
});
