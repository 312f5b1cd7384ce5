import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotedName, visibleLines, visibleText } from '../../src/approval/visible-text.ts';

describe('visibleText()', () => {
  it('leaves letters of all scripts, signs and emoji', () => {
    const text = 'Grüße, Ελλάδα, 日本語, עברית: a+b=“c” 💥 ~!@#$%^&*()';
    expect(visibleText(text)).toBe(text);
  });

  it.each([
    ['a carriage return', '\r', 'd'],
    ['an escape', '\u001b', '1b'],
    ['a C1 control', '\u009b', '9b'],
    ['a line feed', '\n', 'a'],
    ['a right-to-left override', '\u202e', '202e'],
    ['an isolate', '\u2066', '2066'],
    ['a zero-width blank', '\u200b', '200b'],
    ['a zero-width joiner', '\u200d', '200d'],
    ['a soft hyphen', '\u00ad', 'ad'],
    ['a byte order mark', '\ufeff', 'feff'],
    ['a line separator', '\u2028', '2028'],
    ['a no-break blank', '\u00a0', 'a0'],
    ['a wide blank', '\u3000', '3000'],
    ['a Hangul filler', '\u3164', '3164'],
    ['the blank of braille', '\u2800', '2800'],
    ['a variation selector', '\ufe0f', 'fe0f'],
    ['a tag character', '\u{e0041}', 'e0041'],
    ['a private character', '\ue000', 'e000'],
    ['half of a pair', '\ud83d', 'd83d'],
  ])('spells out %s (A34)', (_what, char, hex) => {
    expect(visibleText(`a${char}b`)).toBe(`a\\u{${hex}}b`);
  });

  it('leaves nothing that cannot be seen, and nothing to do a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const visible = visibleText(text);
        expect(visible).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(visibleText(visible)).toBe(visible);
      }),
    );
  });
});

describe('visibleLines()', () => {
  it('keeps line feeds only', () => {
    expect(visibleLines('a\nb\r\nc\u2028d')).toBe('a\nb\\u{d}\nc\\u{2028}d');
  });
});

describe('quotedName()', () => {
  it('does not let a name end its quotes or begin a line', () => {
    expect(quotedName('a" Server: "b\nRule: none')).toBe(String.raw`"a\" Server: \"b\u{a}Rule: none"`);
  });

  it('cuts a long name and says how much is missing', () => {
    expect(quotedName('x'.repeat(600))).toBe(`"${'x'.repeat(500)}… [100 more characters]"`);
    expect(quotedName('x'.repeat(500))).toBe(`"${'x'.repeat(500)}"`);
  });
});
