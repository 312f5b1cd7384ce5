import { describe, expect, it } from 'vitest';
import { readQuery } from '../../../src/discovery/search/query.ts';
import { stem } from '../../../src/discovery/search/stem.ts';
import { conceptsOf } from '../../../src/discovery/search/synonyms.ts';
import { Vocabulary } from '../../../src/discovery/search/vocabulary.ts';

function vocabulary(...words: string[]): Vocabulary {
  const made = new Vocabulary();
  for (const word of words) made.add(word);
  return made;
}

const forms = (query: string, words: Vocabulary): readonly (readonly string[])[] =>
  readQuery(query, words).map((term) => term.forms);

describe('readQuery()', () => {
  it('stems words and drops those that say nothing', () => {
    expect(forms('how do I list the issues of my repo', vocabulary('list'))).toEqual([
      ['list'],
      ['issu'],
      ['repo'],
    ]);
  });

  it('keeps words that say nothing when there are no others', () => {
    expect(forms('what is it', vocabulary())).toEqual([['what'], ['is'], ['it']]);
  });

  it('asks for a word once', () => {
    expect(forms('issue Issues ISSUE', vocabulary())).toEqual([['issu']]);
  });

  it('joins neighbours where there is such a word', () => {
    expect(forms('screen shot', vocabulary('screenshot'))).toEqual([
      ['screen', 'screenshot'],
      ['shot', 'screenshot'],
    ]);
    expect(forms('screen shot', vocabulary('screen', 'shot'))).toEqual([['screen'], ['shot']]);
  });

  it('spells out short forms', () => {
    expect(forms('open PR', vocabulary())).toEqual([['open'], ['pull'], ['request']]);
  });

  it('guesses for unknown words only', () => {
    const words = vocabulary('list', 'last', 'issue');
    expect(readQuery('list isue', words).map((term) => term.guesses)).toEqual([[], ['issu']]);
  });

  it('takes meanings from a guess as well', () => {
    const [term] = readQuery('craete', vocabulary('create'));
    expect(term?.concepts).not.toEqual([]);
    expect(term?.concepts).toEqual(conceptsOf(stem('create')));
  });

  it('reads 16 words at most', () => {
    const query = Array.from({ length: 100 }, (_, i) => `word${i}`).join(' ');
    expect(readQuery(query, vocabulary()).length).toBeLessThanOrEqual(16);
  });
});
