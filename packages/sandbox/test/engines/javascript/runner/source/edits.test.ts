import { expect, it } from 'vitest';
import { Edits } from '../../../../../src/engines/javascript/runner/source/edits.js';

it('Edits.apply() gives the text back when nothing was asked', () => {
  expect(new Edits().apply('abc')).toBe('abc');
});

it('Edits.apply() keeps the order of insertions at one place', () => {
  const edits = new Edits();
  edits.insert(1, 'x');
  edits.insert(1, 'y');
  expect(edits.apply('abc')).toBe('axybc');
});

it('Edits.apply() takes edits in any order', () => {
  const edits = new Edits();
  edits.insert(3, '!');
  edits.replace(0, 1, '--');
  expect(edits.apply('abc')).toBe('--bc!');
});

it('Edits.apply() inserts before what is replaced at the same place', () => {
  const edits = new Edits();
  edits.replace(1, 2, 'B');
  edits.insert(1, '<');
  expect(edits.apply('abc')).toBe('a<Bc');
});
