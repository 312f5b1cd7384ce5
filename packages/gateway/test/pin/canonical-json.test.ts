import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { canonicalJson, digestOf, isSameJson } from '../../src/pin/canonical-json.ts';

describe('canonicalJson()', () => {
  it.each([
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ required: ['b', 'a'] }, '{"required":["a","b"]}'],
    [{ required: ['b', 1] }, '{"required":["b",1]}'],
    [{ properties: { required: { enum: ['b', 'a'] } } }, '{"properties":{"required":{"enum":["b","a"]}}}'],
    [{ é: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"é":1}'],
    ['\u2028"', '"\u2028\\""'],
    [-0, '0'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('keeps the key __proto__ like any other', () => {
    const value = JSON.parse('{"b":1,"__proto__":{"x":"order"}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"x":"order"},"b":1}');
    expect(isSameJson(value, JSON.parse('{"b":1}'))).toBe(false);
  });

  it('gives up at the level after maxDepth', () => {
    expect(canonicalJson({ a: [1] }, 2)).toBe('{"a":[1]}');
    expect(canonicalJson({ a: [[]] }, 2)).toBeUndefined();
    expect(canonicalJson([{ a: {} }], 2)).toBeUndefined();
    expect(canonicalJson('text', 0)).toBe('"text"');
  });

  it('is the same for every order of keys, and means the same when read', () => {
    const jumbled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(jumbled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, jumbled(inner)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalJson(value as never) ?? '';
        expect(canonicalJson(jumbled(value) as never)).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['a', 'a '],
    ['a', 'a\u200b'],
    [{ a: 1 }, { a: '1' }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{}, []],
    [{ title: 'x' }, { Title: 'x' }],
  ])('tells %j from %j', (one, other) => {
    expect(isSameJson(one, other)).toBe(false);
    expect(digestOf(canonicalJson(one) ?? '')).not.toBe(digestOf(canonicalJson(other) ?? ''));
  });
});

describe('digestOf()', () => {
  it('is SHA-256 over UTF-8, in hexadecimal', () => {
    expect(digestOf('{"name":"é"}')).toBe(
      'sha256:2f16b8477146a1b2ba7d6bb7cf7c9979c191cc2838a107dbf5f0d920b4cb3ba1',
    );
    expect(digestOf('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
