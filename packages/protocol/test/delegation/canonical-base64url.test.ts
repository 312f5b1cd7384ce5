import fc from 'fast-check';
import { base64url } from 'jose';
import { describe, expect, it } from 'vitest';
import { ifBase64url } from '../../src/delegation/canonical-base64url.ts';

describe('ifBase64url()', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (data) => {
        expect(ifBase64url(base64url.encode(data))).toEqual(data);
      }),
    );
  });

  it.each(['', 'A', 'AAAAA', 'AA==', 'AB', 'A A', 'AA\n', 'A+', 'A/', 'ä'])('refuses %j', (text) => {
    expect(ifBase64url(text)).toBeUndefined();
  });
});
