import { describe, expect, it } from 'vitest';
import { claimAt, ifTexts } from '../../../src/identity/jwt/claim.ts';

describe('claimAt()', () => {
  const claims = {
    groups: ['a'],
    realm_access: { roles: ['b'] },
    'https://example.com/roles': ['c'],
    'a.b': 'flat',
    a: { b: 'deep' },
  };

  it.each([
    ['groups', ['a']],
    ['realm_access.roles', ['b']],
    ['https://example.com/roles', ['c']],
    ['a.b', 'flat'],
  ])('finds %s', (path, value) => {
    expect(claimAt(claims, path)).toEqual(value);
  });

  it.each([
    '',
    'none',
    'groups.0',
    'groups.length',
    'realm_access.none',
    'realm_access.roles.x',
    '.',
    'constructor',
    'a.toString',
    '__proto__.x',
  ])('finds nothing at %j', (path) => {
    expect(claimAt(claims, path)).toBeUndefined();
  });
});

describe('ifTexts()', () => {
  it('gives a list of texts within its bound', () => {
    expect(ifTexts(['a', 'b'], 2)).toEqual(['a', 'b']);
    expect(ifTexts([], 2)).toEqual([]);
    expect(ifTexts(['a', 'b', 'c'], 2)).toBeUndefined();
  });

  it.each([[undefined], ['a'], [{ 0: 'a', length: 1 }], [['a', 1]], [[null]]])(
    'gives nothing for %j',
    (value) => {
      expect(ifTexts(value, 9)).toBeUndefined();
    },
  );
});
