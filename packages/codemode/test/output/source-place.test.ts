import { expect, it } from 'vitest';
import { sourcePlace } from '../../src/output/source-place.ts';

const place = (code: string, line: number, column: number) =>
  sourcePlace({ name: 'script.ts', code }, line, column);

it.each([
  ['a\nfoo(bar)\nb', 2, 5, ['    foo(bar)', '        ^']],
  ['\t\tfoo(bar)', 1, 7, ['    \t\tfoo(bar)', '    \t\t    ^']],
  ['foo\r\nbar\r\n', 2, 1, ['    bar', '    ^']],
  ['foo', 1, 99, ['    foo', '       ^']],
  ['foo', 1, 0, ['    foo', '    ^']],
])('sourcePlace() shows in %j line %d, column %d', (code, line, column, expected) => {
  expect(place(code, line, column)).toEqual(expected);
});

it.each([
  ['', 1],
  ['a\n  \nb', 2],
  ['a', 2],
  ['a', 0],
  ['a', -1],
])('sourcePlace() shows nothing of %j for line %d', (code, line) => {
  expect(place(code, line, 1)).toEqual([]);
});

it('sourcePlace() cuts a long line around the column', () => {
  const [text = '', caret = ''] = place(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`, 1, 5001);
  expect(text.length).toBeLessThan(200);
  expect(text[caret.indexOf('^')]).toBe('X');
});
