import { describe, expect, it } from 'vitest';
import { generateDelegationKey, isDelegationPublicKey } from '../../src/delegation/index.ts';
import { importPublicKey } from '../../src/delegation/delegation-key.ts';

describe('generateDelegationKey()', () => {
  it('returns a private JWK and its public part', async () => {
    const { privateKey, publicKey } = await generateDelegationKey();
    expect(Object.keys(privateKey).toSorted()).toEqual(['crv', 'd', 'kty', 'x']);
    expect(privateKey).toMatchObject({ kty: 'OKP', crv: 'Ed25519', x: publicKey });
    expect(isDelegationPublicKey(publicKey)).toBe(true);
    expect(privateKey.d).toMatch(/^[\w-]{43}$/);
  });

  it('returns another key each time', async () => {
    const keys = await Promise.all([generateDelegationKey(), generateDelegationKey()]);
    expect(keys[0]?.publicKey).not.toBe(keys[1]?.publicKey);
  });
});

describe('isDelegationPublicKey()', () => {
  it.each([
    ['31 bytes', 'A'.repeat(42)],
    ['33 bytes', 'A'.repeat(44)],
    ['padding', `${'A'.repeat(43)}=`],
    ['unused bits that are set', `${'A'.repeat(42)}B`],
    ['standard base64', `${'A'.repeat(41)}+A`],
    ['nothing', ''],
    ['a PEM block', '-----BEGIN PUBLIC KEY-----'],
  ])('refuses %s', async (_what, text) => {
    expect(isDelegationPublicKey(text)).toBe(false);
    await expect(importPublicKey(text)).rejects.toThrow(TypeError);
  });
});
