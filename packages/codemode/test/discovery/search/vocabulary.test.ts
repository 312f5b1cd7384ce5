import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../../src/discovery/search/vocabulary.ts';

function make(...words: string[]): Vocabulary {
  const vocabulary = new Vocabulary();
  for (const word of words) vocabulary.add(word);
  return vocabulary;
}

describe('Vocabulary#add()', () => {
  it('gives the stem first, then meanings', () => {
    expect(make().add('issues')[0]).toBe('issu');
    expect(make().add('creating')).toEqual(['creat', expect.stringMatching(/^=/u)]);
  });
});

describe('Vocabulary#has()', () => {
  it('knows stems of what was added', () => {
    const vocabulary = make('issues');
    expect(vocabulary.has('issu')).toBe(true);
    expect(vocabulary.has('issues')).toBe(false);
    expect(vocabulary.has('=create')).toBe(false);
  });
});

describe('Vocabulary#guesses()', () => {
  const vocabulary = make('issue', 'list', 'last', 'channel', 'repository', 'screenshot');

  it.each([
    ['a letter left out', 'isue', ['issu']],
    ['a letter too many', 'isssue', ['issu']],
    ['a wrong letter', 'isxue', ['issu']],
    ['letters swapped', 'isseu', ['issu']],
    ['two errors in a long word', 'repsitry', ['repository']],
    ['a plural misspelt', 'chanels', ['channel']],
  ])('mends %s', (_what, word, guesses) => {
    expect(vocabulary.guesses(word)).toEqual(guesses);
  });

  it('takes the nearest words only, all that are equally near', () => {
    expect(vocabulary.guesses('lst')).toEqual([]);
    expect(vocabulary.guesses('lisst')).toEqual(['list']);
    expect(vocabulary.guesses('lost').toSorted()).toEqual(['last', 'list']);
  });

  it.each(['abc', 'x', '', 'entirely', 'is'])('guesses nothing for %j', (word) => {
    expect(vocabulary.guesses(word)).toEqual([]);
  });

  it('gives six at most', () => {
    const many = make(...Array.from({ length: 20 }, (_, i) => `wor${String.fromCodePoint(97 + i)}d`));
    expect(many.guesses('wor1d')).toHaveLength(6);
  });
});
