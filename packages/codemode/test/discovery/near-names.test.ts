import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearNames } from '../../src/discovery/near-names.ts';

const NAMES = ['list_issues', 'create_issue', 'listChannels', 'get-user', 'merge_pull_request', 'x'];

describe('nearNames()', () => {
  it.each([
    ['a typo', 'list_isues', ['list_issues']],
    ['swapped letters', 'lsit_issues', ['list_issues']],
    ['another spelling of the same words', 'ListIssues', ['list_issues']],
    ['words in another order', 'issue_create', ['create_issue']],
    ['a part of a name', 'channels', ['listChannels']],
    ['a name with more around it', 'github_get_user', ['get-user']],
  ])('finds %s', (_what, given, near) => {
    expect(nearNames(given, NAMES)).toEqual(near);
  });

  it('finds nothing that is far', () => {
    expect(nearNames('deploy_production', NAMES)).toEqual([]);
    expect(nearNames('', NAMES)).toEqual([]);
    expect(nearNames('???', NAMES)).toEqual([]);
  });

  it('gives three at most, the nearest first, ties in the order given', () => {
    const given = ['get_d', 'get_aa', 'get_a', 'get_b', 'get_c'];
    expect(nearNames('get_a', given)).toEqual(['get_a', 'get_d', 'get_aa']);
  });

  it('does not take long over many long names', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `${'a'.repeat(10_000)}${i}`);
    const started = performance.now();
    nearNames('b'.repeat(10_000), many);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('didYouMean()', () => {
  it('is a clause of a message', () => {
    expect(didYouMean('lst_issues', NAMES)).toBe("; did you mean 'list_issues'?");
    expect(didYouMean('deploy_production', NAMES)).toBe('');
  });

  it('shows no character that cannot be seen', () => {
    expect(didYouMean('evil', ['ev\u202Eil'])).toBe("; did you mean 'evil'?");
  });
});

describe('editDistance()', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, and never more than the longer text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});
