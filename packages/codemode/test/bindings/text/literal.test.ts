import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyName, quote } from '../../../src/bindings/text/literal.ts';

describe('quote()', () => {
  it.each([
    ['open', "'open'"],
    ["it's", String.raw`'it\'s'`],
    ['a\\', String.raw`'a\\'`],
    ['a\nb', String.raw`'a\u000ab'`],
    ['\u2028', String.raw`'\u2028'`],
    ['\u202e', String.raw`'\u202e'`],
    ['\ud800', String.raw`'\ud800'`],
    ['${x}`', "'${x}`'"],
    ['ä 検', "'ä 検'"],
    ['*/', "'*/'"],
  ])('quote() writes %j as %s', (text, literal) => {
    expect(quote(text)).toBe(literal);
  });

  it('quote() gives a literal on one line that equals the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const literal = quote(text);
        expect(literal).not.toMatch(/[\n\r\t\u2028\u2029\u202e]/);
        expect(runInNewContext(literal)).toBe(text);
      }),
    );
  });
});

describe('propertyName()', () => {
  it.each([
    ['owner', 'owner'],
    ['$ref', '$ref'],
    ['delete', 'delete'],
    ['constructor', "'constructor'"],
    ['__proto__', "'__proto__'"],
    ['1', "'1'"],
    ['', "''"],
    ['a-b', "'a-b'"],
    ['é', "'é'"],
    ['a: any }', "'a: any }'"],
  ])('propertyName() writes %j as %s', (key, name) => {
    expect(propertyName(key)).toBe(name);
  });
});
