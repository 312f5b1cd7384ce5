import { expect, it } from 'vitest';
import { blank, lineStartsOf, placeOf } from '../../../../../src/engines/javascript/runner/source/place.js';

it('placeOf() counts lines and columns from 1', () => {
  expect(placeOf('abc', 0)).toEqual({ line: 1, column: 1 });
  expect(placeOf('a\nbc', 3)).toEqual({ line: 2, column: 2 });
});

it('placeOf() knows every line end of JavaScript, and takes CRLF as one', () => {
  expect(placeOf('a\r\nb\rc\u2028d\u2029e', 9)).toEqual({ line: 5, column: 1 });
});

it('placeOf() counts the line end to its line', () => {
  expect(placeOf('a\r\nb', 1)).toEqual({ line: 1, column: 2 });
});

it('lineStartsOf() gives an offset for each line', () => {
  expect(lineStartsOf('a\n\nb')).toEqual([0, 2, 3]);
});

it('blank() keeps line ends and length', () => {
  expect(blank('ab\r\nc\u2028')).toBe('  \r\n \u2028');
});
