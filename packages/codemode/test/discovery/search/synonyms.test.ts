import { describe, expect, it } from 'vitest';
import { stem } from '../../../src/discovery/search/stem.ts';
import { conceptsOf, isConcept, longForm } from '../../../src/discovery/search/synonyms.ts';
import { splitWords } from '../../../src/discovery/search/words.ts';

const share = (a: string, b: string): boolean =>
  conceptsOf(stem(a)).some((concept) => conceptsOf(stem(b)).includes(concept));

describe('conceptsOf()', () => {
  it.each([
    ['create', 'add'],
    ['create', 'new'],
    ['open', 'create'],
    ['delete', 'remove'],
    ['rm', 'delete'],
    ['list', 'get'],
    ['show', 'fetch'],
    ['reading', 'gets'],
    ['update', 'edit'],
    ['modify', 'change'],
    ['send', 'post'],
    ['search', 'find'],
    ['query', 'search'],
    ['folder', 'directories'],
  ])('%s and %s share a meaning', (a, b) => {
    expect(share(a, b)).toBe(true);
  });

  it.each([
    ['create', 'delete'],
    ['send', 'read'],
    ['update', 'list'],
    ['start', 'stop'],
    ['connect', 'disconnect'],
    ['issue', 'folder'],
  ])('%s and %s do not', (a, b) => {
    expect(share(a, b)).toBe(false);
  });

  it('gives none for a word of no group, a member of Object included', () => {
    expect(conceptsOf('kubernetes')).toEqual([]);
    expect(conceptsOf('constructor')).toEqual([]);
    expect(conceptsOf('__proto__')).toEqual([]);
  });

  it('gives terms that no text contains', () => {
    for (const concept of conceptsOf(stem('create'))) {
      expect(isConcept(concept)).toBe(true);
      expect(splitWords(concept, 5)).not.toContain(concept);
    }
    expect(isConcept('create')).toBe(false);
  });
});

describe('longForm()', () => {
  it('spells out what is short for several words', () => {
    expect(longForm('pr')).toEqual(['pull', 'request']);
    expect(longForm('issue')).toEqual(['issue']);
    expect(longForm('constructor')).toEqual(['constructor']);
  });
});
