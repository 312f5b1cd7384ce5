import { expect, it, vi } from 'vitest';
import { TokenHashes } from '../../src/identity/token-hashes.ts';

const everybody = (): boolean => true;
const nobody = (): boolean => false;

it('TokenHashes asks for a keyed hash only once of a token that was let in', () => {
  const hashToken = vi.fn<(token: string) => string>((token) => `keyed ${token}`);
  const hashes = new TokenHashes(hashToken);
  const asked = [1, 2, 3].map(() => hashes.of('a', everybody));
  expect(asked).toEqual(['keyed a', 'keyed a', 'keyed a']);
  expect(hashToken).toHaveBeenCalledTimes(1);
});

it('TokenHashes keeps nothing of a token that was not let in, and tells tokens apart', () => {
  const hashToken = vi.fn<(token: string) => string>((token) => `keyed ${token}`);
  const hashes = new TokenHashes(hashToken);
  hashes.of('a', everybody);
  expect([hashes.of('b', nobody), hashes.of('b', nobody), hashes.of('A', nobody)]).toEqual([
    'keyed b',
    'keyed b',
    'keyed A',
  ]);
  expect(hashToken).toHaveBeenCalledTimes(4);
});

it('TokenHashes stays right past its bound', () => {
  const hashes = new TokenHashes((token) => `keyed ${token}`);
  for (let n = 0; n < 10_050; n += 1) hashes.of(`t${n}`, everybody);
  for (const n of [0, 9_999, 10_049]) expect(hashes.of(`t${n}`, everybody)).toBe(`keyed t${n}`);
});
