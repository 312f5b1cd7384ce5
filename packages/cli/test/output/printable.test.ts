import { describe, expect, it } from 'vitest';
import { counted } from '../../src/output/count.ts';
import { oneLine, printable, printableJson } from '../../src/output/printable.ts';

const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['a colour', 'a\u001b[31mb', 'a\\x1b[31mb'],
  ['a window title', '\u001b]0;x\u0007', '\\x1b]0;x\\x07'],
  ['the 8-bit form of it', '\u009b2J', '\\x9b2J'],
  ['a carriage return that overwrites', 'good\rbad', 'good\\x0dbad'],
  ['a backspace', 'a\bb', 'a\\x08b'],
  ['a turned direction', 'a\u202eb', 'a\\u{202e}b'],
  ['an isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['an invisible character', 'a\u200bb', 'a\\u{200b}b'],
  ['invisible tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['another line break', 'a\u2028b', 'a\\u{2028}b'],
  ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
  ['delete', '\u007f', '\\x7f'],
];

describe('printable()', () => {
  it.each(HOSTILE)('spells out %s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps line breaks, tabs, letters of all languages and joined emoji', () => {
    const text = 'a\n\tb ä 日本 👩‍👩‍👧';
    expect(printable(text)).toBe(text);
  });
});

describe('oneLine()', () => {
  it('joins lines and blanks', () => {
    expect(oneLine(' a\n\n  b\tc ')).toBe('a b c');
  });

  it('keeps a text that just fits and cuts one character more', () => {
    expect(oneLine('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(oneLine('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('never cuts a character in two', () => {
    expect(oneLine('😀'.repeat(11), 10)).toBe(`${'😀'.repeat(9)}…`);
  });

  it('marks a huge text of blanks as cut', () => {
    expect(oneLine(`a${' '.repeat(100_000)}b`, 10)).toBe('a…');
  });
});

describe('printableJson()', () => {
  it.each(HOSTILE)('is harmless and means the same with %s', (_what, text) => {
    const json = printableJson({ text });
    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(JSON.parse(json)).toEqual({ text });
  });
});

describe('counted()', () => {
  it.each([
    [0, '0 rules'],
    [1, '1 rule'],
    [2, '2 rules'],
  ])('counts %d', (count, text) => {
    expect(counted(count, 'rule')).toBe(text);
  });
});
