import { describe, expect, it } from 'vitest';
import { makeToJson } from '../../../../../src/engines/javascript/runner/guest/make-to-json.js';

const toJson = (value: unknown) => makeToJson()(value, 'It');

function cycle() {
  const value: Record<string, unknown> = { a: { b: [1] } };
  value['c'] = [value];
  return value;
}

describe('toJson()', () => {
  it.each<[string, unknown, string | undefined]>([
    ['undefined', undefined, undefined],
    ['null', null, 'null'],
    ['text', 'a\u2028"', '"a\u2028\\""'],
    ['half of a surrogate pair', '\ud800', '"\\ud800"'],
    ['no number', { a: NaN, b: -Infinity }, '{"a":null,"b":null}'],
    ['members that are undefined', { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a map with texts as keys', new Map([['a', 1]]), '{"a":1}'],
    [
      'any other map',
      new Map<unknown, unknown>([
        [1, 'x'],
        ['a', 2],
      ]),
      '[[1,"x"],["a",2]]',
    ],
    ['a set', new Set([1, { a: 2 }]), '[1,{"a":2}]'],
    ['maps inside', { a: [new Map([['b', new Set([1])]])] }, '{"a":[{"b":[1]}]}'],
    ['a typed array', new Uint8Array([1, 2]), '[1,2]'],
    [
      'an error',
      Object.assign(new TypeError('m'), { code: 1 }),
      '{"name":"TypeError","message":"m","code":1}',
    ],
    ['what has toJSON', { toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    ['an object without a prototype', Object.create(null), '{}'],
    ['own __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ['a map with the key __proto__', new Map([['__proto__', 1]]), '{"__proto__":1}'],
  ])('writes %s', (_name, value, text) => {
    expect(toJson(value)).toBe(text);
  });

  it.each([
    ['a BigInt', 1n, 'BigInt'],
    ['a BigInt inside', { a: { b: [0, 1n] } }, 'BigInt at .a.b[1]'],
    ['a function', { a: () => 1 }, 'function at .a'],
    ['a method', { 'x y': { m() {} } }, 'function at ["x y"].m'],
    ['a symbol', [Symbol('a')], 'symbol at [0]'],
    ['a cycle', cycle(), 'a cycle at .c[0]'],
    ['a function in a map', new Map([['k', () => 1]]), 'function at .k'],
  ])('refuses %s and tells where it is', (_name, value, place) => {
    expect(() => toJson(value)).toThrow(new TypeError(`It cannot be written as JSON: ${place}`));
  });

  it('tells the first of several', () => {
    expect(() => toJson({ a: 1n, b: () => 1 })).toThrow('BigInt at .a');
  });

  it('refuses what is nested too deep', () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) {
      deep = [deep];
    }
    expect(() => toJson(deep)).toThrow('nested too deep');
  });

  it('passes on what a getter or a toJSON throws', () => {
    const own = new SyntaxError('own');
    const throwing = {
      get a() {
        throw own;
      },
    };
    expect(() => toJson(throwing)).toThrow(own);
    expect(() =>
      toJson({
        toJSON() {
          throw new TypeError('own');
        },
      }),
    ).toThrow('own');
  });
});
