import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stem } from '../../../src/discovery/search/stem.ts';

describe('stem()', () => {
  it.each([
    ['issue', 'issues'],
    ['repository', 'repositories'],
    ['branch', 'branches'],
    ['create', 'creates', 'creating', 'created', 'creation'],
    ['delete', 'deleting', 'deleted', 'deletion'],
    ['navigate', 'navigating', 'navigation'],
    ['run', 'runs', 'running'],
    ['stop', 'stopped', 'stopping'],
    ['search', 'searches', 'searching'],
    ['connect', 'connection', 'connections'],
    ['deploy', 'deployment', 'deployments'],
    ['message', 'messages', 'messaging'],
    ['close', 'closes', 'closing'],
    ['access', 'accesses'],
  ])('is the same for %s and its forms', (...forms) => {
    const [first, ...others] = forms.map(stem);
    for (const other of others) expect(other).toBe(first);
  });

  it.each(['status', 'process', 'class', 'bus', 'string', 'thing', 'element', 'document', 'version', 'need'])(
    'leaves %s apart from shorter words',
    (word) => {
      expect(stem(word).length).toBeGreaterThanOrEqual(3);
      expect([stem('stat'), stem('proc'), stem('bu'), stem('str'), stem('th'), stem('docu')]).not.toContain(
        stem(word),
      );
    },
  );

  it.each(['get', 'api', 'größen', 'задачи', 's3', 'utf8', ''])('leaves %j as it is', (word) => {
    expect(stem(word)).toBe(word);
  });

  it('gives a beginning of the word, or one with y for ies', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/u), (word) => {
        const stemmed = stem(word);
        expect(stemmed.length).toBeGreaterThan(0);
        expect(stemmed.length).toBeLessThanOrEqual(word.length);
        expect(word.startsWith(stemmed) || word.startsWith(stemmed.slice(0, -1))).toBe(true);
      }),
    );
  });
});
