import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { stripControls, TextRing } from '../../../src/upstream/stdio/text-ring.ts';

describe('TextRing', () => {
  it('keeps the newest text', () => {
    const ring = new TextRing(10);
    ring.push('0123456');
    expect(ring.toString()).toBe('0123456');
    ring.push('789');
    expect(ring.toString()).toBe('0123456789');
    ring.push('ab');
    expect(ring.toString()).toBe('23456789ab');
  });

  it('keeps the end of a chunk that is longer than itself', () => {
    const ring = new TextRing(4);
    ring.push('x'.repeat(1_000_000).concat('tail'));
    expect(ring.toString()).toBe('tail');
  });

  it('never gives more than its length, however much is pushed [A87]', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 50 }), (chunks, length) => {
        const ring = new TextRing(length);
        for (const chunk of chunks) ring.push(chunk);
        expect(ring.toString().length).toBeLessThanOrEqual(length);
        expect(stripControls(chunks.join('').slice(-length))).toBe(ring.toString());
      }),
    );
  });
});

describe('stripControls()', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a cursor movement', '\u001b[2J\u001b[1;1Hgone', 'gone'],
    ['a window title', '\u001b]0;owned\u0007text', 'text'],
    ['a link, ended by ST', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['an unfinished title', 'a\u001b]0;never ends', 'a'],
    ['a bare escape', 'a\u001bb', 'ab'],
    ['carriage return and bell', 'over\rwritten\u0007', 'overwritten'],
    ['eight-bit controls', 'a\u009b31mb\u0085c', 'a31mbc'],
    ['NUL and DEL', 'a\u0000b\u007fc', 'abc'],
  ])('removes %s [A87]', (_what, text, plain) => {
    expect(stripControls(text)).toBe(plain);
  });

  it('keeps tabs, line ends and every other character', () => {
    expect(stripControls('a\tb\nc é 💥 [31m')).toBe('a\tb\nc é 💥 [31m');
  });

  it('leaves no control character in any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('\u001b', '[', ']', ';', '0', 'm', '\u0007', '\\', 'a', '\n', '\r', '\u009b'),
        }),
        (text) => {
          // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
          expect(stripControls(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });

  it('takes time in proportion to the text', () => {
    const text = '\u001b]'.repeat(200_000) + '\u001b[0;'.repeat(200_000);
    expect(stripControls(text).length).toBeLessThan(text.length);
  });
});
