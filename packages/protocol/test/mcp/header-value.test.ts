import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ifHeaderValue, toHeaderValue } from '@smcp/protocol';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('toHeaderValue()', () => {
  it.each([
    '',
    'echo',
    'file:///a b/c?d=e',
    '~!@#$%^&*()_+{}|:"<>?[];\',./`',
    '42',
    'a=?base64?YQ==?=',
    '=?',
  ])('leaves %j as it is', (text) => {
    expect(toHeaderValue(text)).toBe(text);
  });

  it.each([
    ['a letter beyond ASCII', 'é'],
    ['an emoji', 'tool 💥'],
    ['a tab', 'a\tb'],
    ['the end of a line', 'a\r\nX-Forged: 1'],
    ['a NUL', 'a\0b'],
    ['DEL', 'a\u007f'],
    ['a space before it', ' a'],
    ['a space after it', 'a '],
    ['nothing but a space', ' '],
    ['the form itself', '=?base64?YQ==?='],
    ['the form itself with nothing in it', '=?base64??='],
    ['the form with broken content', '=?base64?%%?='],
    ['the shortest text that begins and ends like the form', '=?base64?='],
  ])('encodes a text with %s [A79]', (_what, text) => {
    expect(toHeaderValue(text)).toBe(`=?base64?${base64(text)}?=`);
  });

  it('encodes a text of megabytes', () => {
    const text = 'é'.repeat(1_000_000);
    expect(toHeaderValue(text)).toBe(`=?base64?${base64(text)}?=`);
  });

  it('gives what one line of a header can hold, and what gives the text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const value = toHeaderValue(text);
        expect(value).toMatch(/^[\x20-\x7e]*$/);
        expect(value.trim()).toBe(value);
        expect(ifHeaderValue(value)).toBe(text.toWellFormed());
      }),
    );
  });

  it('gives texts back that look like the form', () => {
    const part = fc.constantFrom('=?base64?', '?=', '=', '?', 'YQ==', ' ', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        expect(ifHeaderValue(toHeaderValue(parts.join('')))).toBe(parts.join(''));
      }),
    );
  });
});

describe('ifHeaderValue()', () => {
  it.each([
    ['echo', 'echo'],
    ['', ''],
    ['=?base64?Z3LDvMOf?=', 'grüß'],
    ['=?base64??=', ''],
    ['=?base64?77u/YQ==?=', '\uFEFFa'],
    ['=?BASE64?YQ==?=', '=?BASE64?YQ==?='],
    ['=?base64?YQ==', '=?base64?YQ=='],
    ['=?base64?=', '=?base64?='],
  ])('reads %j as %j', (value, text) => {
    expect(ifHeaderValue(value)).toBe(text);
  });

  it.each([
    ['no padding', '=?base64?YQ?='],
    ['half the padding', '=?base64?YQ=?='],
    ['padding where none belongs', '=?base64?YWJj=?='],
    ['padding alone', '=?base64?====?='],
    ['padding in the middle', '=?base64?YQ==YQ==?='],
    ['a space in it', '=?base64?YW Jj?='],
    ['the alphabet of URLs', '=?base64?_-8=?='],
    ['bits left over in its last character', '=?base64?YR==?='],
    ['the form twice', '=?base64?YQ==?==?base64?YQ==?='],
    ['bytes that are no UTF-8', '=?base64?/w==?='],
    ['an overlong form', '=?base64?wIA=?='],
    ['half a surrogate', '=?base64?7aCA?='],
    ['a letter beyond ASCII', 'Ã©'],
    ['a tab', 'a\tb'],
    ['the end of a line', 'a\nb'],
  ])('refuses %s [A75]', (_what, value) => {
    expect(ifHeaderValue(value)).toBeUndefined();
  });

  it('takes one form of a text only, and never throws', () => {
    fc.assert(
      fc.property(fc.base64String({ maxLength: 16 }), (content) => {
        const text = ifHeaderValue(`=?base64?${content}?=`);
        expect(text === undefined || base64(text) === content).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => void ifHeaderValue(value)));
  });
});
