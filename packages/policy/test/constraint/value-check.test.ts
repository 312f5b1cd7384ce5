import { describe, expect, it } from 'vitest';
import { createValueCheck } from '../../src/constraint/value-check.ts';

const CITY = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 2, maxLength: 10 },
    days: { type: 'integer', minimum: 1, maximum: 7, default: 1 },
    unit: { enum: ['c', 'f'] },
    places: { type: 'array', items: { $ref: '#/$defs/place' } },
  },
  required: ['city'],
  additionalProperties: false,
  $defs: { place: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
};

describe('createValueCheck()', () => {
  const check = createValueCheck(CITY);

  it.each([
    { city: 'Rome' },
    { city: 'Ro' },
    { city: 'Rome', days: 7, unit: 'c' },
    { city: 'Rome', places: [] },
    { city: 'Rome', places: [{ name: 'a', more: 1 }] },
  ])('finds nothing wrong with %j', (value) => {
    expect(check(value)).toBeUndefined();
  });

  it.each<[unknown, string | RegExp]>([
    [{}, "must have required property 'city'"],
    [{ city: 1 }, '/city must be string'],
    [{ city: null }, '/city must be string'],
    [{ city: 'R' }, '/city must NOT have fewer than 2 characters'],
    [{ city: 'Rome', days: 0 }, '/days must be >= 1'],
    [{ city: 'Rome', days: 1.5 }, '/days must be integer'],
    [{ city: 'Rome', days: '1' }, '/days must be integer'],
    [{ city: 'Rome', unit: 'k' }, '/unit must be equal to one of the allowed values: ["c","f"]'],
    [{ city: 'Rome', town: 'x' }, 'must NOT have additional properties: "town"'],
    [{ city: 'Rome', places: [{}] }, "/places/0 must have required property 'name'"],
    [[], 'must be object'],
    [null, 'must be object'],
    ['Rome', 'must be object'],
    [undefined, 'must be object'],
    [Object.create({ city: 'Rome' }), "must have required property 'city'"],
  ])('says what is wrong with %j', (value, fault) => {
    expect(check(value)).toBe(fault);
  });

  it('changes nothing in the value: no default is put in, nothing is taken out', () => {
    const value = { city: 'Rome', places: [{ name: 'a', more: 1 }] };
    check(value);
    expect(value).toEqual({ city: 'Rome', places: [{ name: 'a', more: 1 }] });
  });

  it('does not grow with what is in the value', () => {
    const fault = check({ city: 'Rome', ['x'.repeat(100_000)]: 1 });
    expect(fault?.length).toBeLessThanOrEqual(300);
  });

  it.each<[string, unknown, RegExp]>([
    ['no schema', 'object', /object or a boolean/],
    ['nothing', undefined, /object or a boolean/],
    ['an unknown keyword', { type: 'object', propertys: {} }, /unknown keyword/],
    ['an unknown format', { type: 'string', format: 'shoe-size' }, /unknown format/],
    ['a keyword without its type', { pattern: '^a' }, /missing type/],
    ['a pattern that is none', { type: 'string', pattern: '(' }, /error parsing regexp/],
    ['a pattern with a look-ahead', { type: 'string', pattern: '(?=a)' }, /error parsing regexp/],
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }, /resolve reference/],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema.json' }, /resolve reference/],
    ['an answer that comes later', { $async: true, type: 'object' }, /\$async/],
    ['more than can be read', { type: 'string', description: 'x'.repeat(70_000) }, /code units/],
  ])('refuses a schema with %s', (_what, schema, said) => {
    expect(() => createValueCheck(schema)).toThrow(said);
  });

  it('judges hostile patterns and texts in bounded time, and takes what it cannot judge for wrong', () => {
    const slow = createValueCheck({ type: 'string', pattern: '^(a+)+$' });
    const before = performance.now();
    expect(slow(`${'a'.repeat(50_000)}!`)).toContain('must match pattern');
    expect(slow('a'.repeat(1_000_000))).toBe('it is too large to be checked');
    expect(performance.now() - before).toBeLessThan(5000);
    expect(slow('aaa')).toBeUndefined();
    const dated = createValueCheck({ type: 'string', format: 'date' });
    expect(dated('2026-01-31')).toBeUndefined();
    expect(dated('1'.repeat(3000))).toBe('it is too large to be checked');
  });
});
