import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from '../../src/output/cut-text.ts';

it('cutText() leaves short text alone', () => {
  expect(cutText('', 10)).toBeUndefined();
  expect(cutText('0123456789', 10)).toBeUndefined();
  expect(cutText('0123456789a', 10)).toEqual({ head: '01234', tail: '6789a', from: 5, to: 6 });
});

it('cutText() cuts at ends of lines that are near', () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${String(i).padStart(3, '0')}`).join('\n');
  const cut = cutText(text, 200);
  expect(cut?.head.endsWith('\n')).toBe(true);
  expect(cut?.tail.startsWith('line ')).toBe(true);
});

it('cutText() does not look far for the end of a line', () => {
  const text = `a\n${'x'.repeat(1000)}\nb`;
  expect(cutText(text, 100)).toMatchObject({ from: 50, to: 954 });
});

it('cutText() cuts no pair of surrogates in two', () => {
  const cut = cutText('😀'.repeat(100), 50);
  expect(cut?.head.isWellFormed()).toBe(true);
  expect(cut?.tail.isWellFormed()).toBe(true);
});

it('cutText() keeps head, middle and tail of any text, within the bound', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 2, max: 200 }),
      (text, max) => {
        const cut = cutText(text, max);
        expect(cut === undefined).toBe(text.length <= max);
        if (cut === undefined) return;
        const { head, tail, from, to } = cut;
        expect(head + text.slice(from, to) + tail).toBe(text);
        expect(from).toBeLessThanOrEqual(to);
        expect(head.length + tail.length).toBeLessThanOrEqual(max);
        expect([head.isWellFormed(), tail.isWellFormed()]).toEqual([true, true]);
      },
    ),
  );
});
