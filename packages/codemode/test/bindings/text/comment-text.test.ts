import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockComment, commentLine, commentText } from '../../../src/bindings/text/comment-text.ts';

describe('commentText()', () => {
  it('commentText() leaves plain words as they are', () => {
    expect(commentText('Lists issues, 50 % faster: see user@example.com & $5.', 100)).toBe(
      'Lists issues, 50 % faster: see user@example.com & $5.',
    );
  });

  it('commentText() keeps lines and one empty line between paragraphs', () => {
    expect(commentText('  a \t b\r\nc\n\n\n\nd\u2028e  ', 100)).toBe('a b\nc\n\nd\ne');
  });

  it.each([
    ['a */ b', String.raw`a *\/ b`],
    ['**/', String.raw`**\/`],
    ['*\u200b/', String.raw`*\/`],
    ['*\u0000/', String.raw`*\/`],
    ['```ts\nx\n````', "'''ts\nx\n'''"],
    ['@ts-ignore', '@ ts-ignore'],
    ['x\n// @TS-expect-error', 'x\n// @ TS-expect-error'],
    ['@\u200dts-nocheck', '@ ts-nocheck'],
    ['\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['\u202egnp.exe\u202c', 'gnp.exe'],
    ['hid\u{e0041}\u{e0042}den', 'hidden'],
    ['a\u00a0\u2800\u3164b', 'a b'],
    [`e${'\u0301'.repeat(50)}`, `e${'\u0301'.repeat(3)}`],
  ])('commentText() disarms %j (A04, A05)', (text, expected) => {
    expect(commentText(text, 100)).toBe(expected);
  });

  it('commentText() cuts a long text, never through a character', () => {
    expect(commentText('x'.repeat(11), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(commentText('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(commentText(`${'x'.repeat(9)}💥x`, 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('commentText() reads no more of 5 MB than it needs (A14)', () => {
    const started = performance.now();
    expect(commentText(' '.repeat(5_000_000), 1000)).toBe('…');
    expect(commentText('\u0301*/'.repeat(2_000_000), 1000).length).toBeLessThan(1600);
    expect(performance.now() - started).toBeLessThan(100);
  });

  it('commentText() has no end of a comment in it, whatever the text', () => {
    const unit = fc.constantFrom('*', '/', '\\', '`', '@', 'ts-', ' ', '\n', '\u200b', '\u2028', '\0', 'é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (text, max) => {
        for (const found of [commentText(text, max), commentLine(text, max)]) {
          const comment = blockComment(found, '');
          expect(comment.indexOf('*/')).toBe(found === '' ? -1 : comment.length - 2);
          expect(comment).not.toMatch(/@ts-|```|[\u200b\u2028\0]/);
        }
        expect(commentLine(text, max)).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('blockComment()', () => {
  it('blockComment() gives one line to one line, and a column to several', () => {
    expect(blockComment('a', '  ')).toBe('  /** a */');
    expect(blockComment('a\n\nb', '  ')).toBe('  /**\n   * a\n   *\n   * b\n   */');
    expect(blockComment('', '  ')).toBe('');
  });

  it('blockComment() ends where it ends when the text ends in a star', () => {
    expect(blockComment('a *', '')).toBe('/** a * */');
  });
});
