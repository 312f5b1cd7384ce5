import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/discovery/search/words.ts';

describe('splitWords()', () => {
  it.each([
    ['snake_case', 'create_pull_request', ['create', 'pull', 'request']],
    ['kebab-case', 'API-post-page', ['api', 'post', 'page']],
    ['camelCase, the whole too', 'listIssues', ['list', 'issues', 'listissues']],
    ['an abbreviation in camelCase', 'parseHTMLPage', ['parse', 'html', 'page', 'parsehtmlpage']],
    ['capitals alone', 'HTTP', ['http']],
    ['digits at an end', 'context7', ['context7', 'context']],
    ['a short word with a digit', 's3 md5', ['s3', 'md5']],
    ['paths and dots', 'api/v1.users', ['api', 'v1', 'users']],
    ['accents', 'Müller café', ['muller', 'cafe']],
    ['other scripts', 'Список задач', ['список', 'задач']],
    ['full-width letters', 'ｌｉｓｔ', ['list']],
    ['punctuation only', '... -- !', []],
    ['nothing', '', []],
  ])('splits %s', (_what, text, words) => {
    expect(splitWords(text, 50)).toEqual(words);
  });

  it('gives no more words than asked for', () => {
    expect(splitWords('a b c d', 2)).toEqual(['a', 'b']);
    expect(splitWords('listIssues createIssue', 4)).toHaveLength(4);
  });

  it('drops what is too long for a word', () => {
    expect(splitWords(`${'x'.repeat(41)} y`, 10)).toEqual(['y']);
  });

  it('gives words without blanks, marks of the index or capitals, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const word of splitWords(text, 20)) {
          expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
        }
      }),
    );
  });
});
