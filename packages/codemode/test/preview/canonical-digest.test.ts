import { describe, expect, it } from 'vitest';
import { canonicalJson } from '@smcp/protocol';
import { canonicalDigest } from '../../src/preview/canonical-digest.ts';

describe('canonicalJson()', () => {
  it.each([
    ['the order of keys', { b: 1, a: { d: 2, c: 3 } }, { a: { c: 3, d: 2 }, b: 1 }],
    ['how numbers were written', JSON.parse('{"n":1.0,"m":1e2}'), JSON.parse('{"n":1,"m":100}')],
    ['how text was escaped', JSON.parse(String.raw`"\u00e9\u0041"`), 'éA'],
  ])('does not depend on %s', (_, one, other) => {
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  it.each([
    ['a text and a number', '1', 1],
    ['null and a text', null, 'null'],
    ['an empty list and an empty object', [], {}],
    ['the order of a list', [1, 2], [2, 1]],
    ['zero and negative zero', 0, -0],
    ['composed and decomposed letters', '\u00e9', 'e\u0301'],
    ['a member that is null and one that is not there', { a: null }, {}],
    ['one key and two', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
    ['nested and flat', [[1], 2], [1, [2]]],
  ])('tells %s apart', (_, one, other) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  });

  it('takes keys that JavaScript gives a meaning', () => {
    const value = JSON.parse('{"constructor":1,"toString":2,"10":3,"9":4}');
    expect(canonicalJson(value)).toBe('{"10":3,"9":4,"constructor":1,"toString":2}');
  });
});

describe('canonicalDigest()', () => {
  it('is of a domain', () => {
    expect(canonicalDigest('a', {})).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(canonicalDigest('a', {})).not.toBe(canonicalDigest('b', {}));
  });
});
