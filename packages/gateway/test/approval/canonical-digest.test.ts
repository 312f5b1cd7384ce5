import { describe, expect, it } from 'vitest';
import { canonicalDigest } from '../../src/approval/canonical-digest.ts';

describe('canonicalDigest()', () => {
  it('is SHA-256 over the domain and the canonical form', () => {
    const expected = 'b71462fa31d8dcb39028fc7a008514f9b43ace02aca561c45969cbc36ce38650';
    expect(canonicalDigest('test', { a: 1 })).toBe(`sha256:${expected}`);
    expect(canonicalDigest('test', { a: 1 })).not.toBe(canonicalDigest('other', { a: 1 }));
  });

  it('reads all of a long value', () => {
    const long = 'x'.repeat(100_000);
    const digests = [
      [long, long, 1],
      [long, long, 2],
      [long, 'x', 1],
    ].map((value) => canonicalDigest('test', value));
    expect(new Set(digests).size).toBe(3);
  });
});
