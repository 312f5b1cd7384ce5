import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints, writeCanonical } from '../../src/json/canonical-json.ts';
import type { JsonValue } from '../../src/jsonrpc/messages.ts';

function canonical(value: JsonValue): string {
  let text = '';
  writeCanonical(value, (part) => {
    text += part;
  });
  return text;
}

/** The same value with the members of every object the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, JsonValue>).reverse();
  return Object.fromEntries(entries.map(([key, below]) => [key, reversed(below)]));
}

const json = (): fc.Arbitrary<JsonValue> => fc.jsonValue() as fc.Arbitrary<JsonValue>;

describe('writeCanonical()', () => {
  it.each<[JsonValue, string]>([
    [null, 'null'],
    ['a"\n', String.raw`"a\"\n"`],
    [1e21, '1e+21'],
    [{}, '{}'],
    [[], '[]'],
    [[[], {}, [1, [true]]], '[[],{},[1,[true]]]'],
    [{ b: 1, a: { d: [], c: 2 } }, '{"a":{"c":2,"d":[]},"b":1}'],
    [{ 2: 'x', 10: 'y', a: 'z' }, '{"10":"y","2":"x","a":"z"}'],
  ])('writes %j', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it('keeps the sign of a zero', () => {
    expect(canonical([0, -0])).toBe('[0,-0]');
  });

  it('writes any value in one way, without regard to the order of members', () => {
    fc.assert(
      fc.property(json(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text) as JsonValue)).toBe(text);
        expect(canonical(reversed(value))).toBe(text);
      }),
    );
  });

  it('loses nothing, so that two values never give the same', () => {
    fc.assert(
      fc.property(json(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(value);
      }),
    );
  });

  it('goes as deep as the value', () => {
    let value: JsonValue = 1;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(canonical(value)).toHaveLength(200_001);
  });
});

describe('compareCodePoints()', () => {
  it('puts characters beyond the basic plane last, and a beginning before the whole', () => {
    const keys = ['\u{1f4a5}', '\uffff', 'b', 'ab', '', 'a', '\ue000', '\u{10000}'];
    expect(keys.sort(compareCodePoints)).toEqual([
      '',
      'a',
      'ab',
      'b',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{1f4a5}',
    ]);
  });

  it('agrees with the bytes of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const bytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
        expect(Math.sign(compareCodePoints(one, other))).toBe(bytes);
      }),
    );
  });
});
