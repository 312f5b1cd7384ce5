import { describe, expect, it } from 'vitest';
import { isJsonText, isJsonTooDeep, isValueTooDeep } from '../../src/wire/json-depth.ts';

const nested = (depth: number): string => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

describe('isJsonTooDeep()', () => {
  it('counts arrays and objects', () => {
    expect(isJsonTooDeep(nested(512))).toBe(false);
    expect(isJsonTooDeep(nested(514))).toBe(true);
  });

  it('counts how deep, not how many', () => {
    expect(isJsonTooDeep(`[${'[],'.repeat(5000)}[]]`, 2)).toBe(false);
  });

  it.each(['"[[[["', '"\\"[[[["', '"\\\\\\"[[[["', '"\\u0022[[[["'])(
    'does not count brackets in %s',
    (text) => {
      expect(isJsonTooDeep(text, 1)).toBe(false);
    },
  );

  it('counts brackets after a string that ends with a backslash', () => {
    expect(isJsonTooDeep('["\\\\",[[]]]', 2)).toBe(true);
  });

  it('puts up with a string that does not end', () => {
    expect(isJsonTooDeep('["abc\\', 3)).toBe(false);
  });
});

describe('isJsonText()', () => {
  it.each(['1', 'null', '"a"', '[1,{"b":null}]', ' {} '])('takes %s', (text) => {
    expect(isJsonText(text)).toBe(true);
  });

  it.each(['', 'undefined', 'NaN', '{a:1}', "'a'", '[1,]', '1 2', '{"a":1', 'constructor'])(
    'refuses %s',
    (text) => {
      expect(isJsonText(text)).toBe(false);
    },
  );

  it('refuses a million brackets without overflow', () => {
    expect(isJsonText('['.repeat(1_000_000) + ']'.repeat(1_000_000))).toBe(false);
  });
});

describe('isValueTooDeep()', () => {
  it('counts arrays and objects', () => {
    expect(isValueTooDeep(JSON.parse(nested(512)))).toBe(false);
    expect(isValueTooDeep(JSON.parse(nested(514)))).toBe(true);
  });

  it('takes values that hold nothing', () => {
    expect([undefined, null, 1, 'x'].map((value) => isValueTooDeep(value, 0))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isValueTooDeep([], 0)).toBe(true);
  });
});
