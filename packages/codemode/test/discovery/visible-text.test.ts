import { describe, expect, it } from 'vitest';
import { isPlainName, visibleText } from '../../src/discovery/visible-text.ts';

describe('visibleText()', () => {
  it('leaves ordinary text of any language as it is', () => {
    const text = 'Größe: 5 €, 日本語, емоції 🙂\n\tsecond line';
    expect(visibleText(text, 1000)).toBe(text);
  });

  it.each([
    ['terminal escapes', 'safe\u001B[2Jgone', 'safe[2Jgone'],
    ['bidirectional overrides', 'read \u202Eelif\u202C \u2066x\u2069', 'read elif x'],
    ['zero-width characters', 'de\u200Blete\u200D \uFEFFall', 'delete all'],
    ['tag characters', `hi${String.fromCodePoint(0xe0041, 0xe0042)}`, 'hi'],
    ['variation selectors', `x${String.fromCodePoint(0xe0101)}\uFE0Fy`, 'xy'],
    ['lone surrogates', 'a\uD800b', 'ab'],
    ['nul, bell and backspace', 'a\0b\u0007c\b', 'abc'],
    ['unusual line breaks', 'a\u2028b\r\nc\rd', 'a\nb\nc\nd'],
    ['unusual blanks', 'a\u00A0b\u2003c', 'a b c'],
  ])('takes %s out (A04, A05)', (_what, given, shown) => {
    expect(visibleText(given, 1000)).toBe(shown);
  });

  it('cuts at the bound and shows that it did', () => {
    expect(visibleText('abcdefgh', 5)).toBe('abcd…');
    expect(visibleText('abcde', 5)).toBe('abcde');
    expect(visibleText('a'.repeat(1_000_000), 100)).toHaveLength(100);
  });

  it('does not cut a character in two', () => {
    expect(visibleText('ab🙂🙂', 4)).toBe('ab…');
  });

  it('shows a cut when what was beyond the bound is all there was to see', () => {
    expect(visibleText(`${'\u200B'.repeat(500)}hidden`, 10)).toBe('…');
  });

  it('gives nothing for nothing', () => {
    expect(visibleText('', 10)).toBe('');
    expect(visibleText(' \n ', 10)).toBe('');
  });
});

describe('isPlainName()', () => {
  it.each(['list_issues', 'list-issues', 'api/v1.get', 'größe'])('is true of %s', (name) => {
    expect(isPlainName(name)).toBe(true);
  });

  it.each([
    ['a direction mark', 'get\u202E_x'],
    ['a line break', 'get\nx'],
    ['a tab', 'get\tx'],
    ['a blank at an end', ' get'],
    ['too many characters', 'x'.repeat(129)],
  ])('is false of one with %s', (_what, name) => {
    expect(isPlainName(name)).toBe(false);
  });
});
