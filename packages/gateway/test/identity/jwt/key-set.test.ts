import { describe, expect, it } from 'vitest';
import { readKeySet } from '../../../src/identity/jwt/key-set.ts';

const RSA = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const EC = { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ' };
const OKP = { kty: 'OKP', crv: 'Ed25519', x: 'eA' };

const refused = expect.objectContaining({ name: 'IssuerError', code: 'ISSUER_DOCUMENT_INVALID' }) as Error;

describe('readKeySet()', () => {
  it('takes public keys and their names', () => {
    const { keys, kids } = readKeySet({ keys: [{ ...RSA, kid: 'a', alg: 'RS256', use: 'sig' }, EC, OKP] });
    expect(keys).toEqual([{ ...RSA, kid: 'a', alg: 'RS256' }, EC, OKP]);
    expect([...kids]).toEqual(['a']);
  });

  it('takes no member that is not needed', () => {
    const key = { ...EC, x5u: 'https://evil.example', x5c: ['…'], oth: [], extractable: true };
    expect(readKeySet({ keys: [key] }).keys).toEqual([EC]);
  });

  it.each([
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }],
    ['a key for encryption', { ...RSA, use: 'enc' }],
    ['a key for other operations', { ...RSA, key_ops: ['encrypt'] }],
    ['operations that are no list', { ...RSA, key_ops: 'verify' }],
    ['a key whose private half is published', { ...EC, d: 'ZA' }],
    ['a key without type', { n: 'AQAB', e: 'AQAB' }],
    ['a type of the prototype', { ...RSA, kty: 'constructor' }],
    ['a key without its half', { kty: 'RSA', n: 'AQAB' }],
    ['an empty member', { ...RSA, n: '' }],
    ['a huge member', { ...RSA, n: 'A'.repeat(4097) }],
    ['a member of another kind', { ...RSA, e: 65_537 }],
    ['a name that is no text', { ...RSA, kid: 7 }],
    ['an algorithm that is no text', { ...RSA, alg: ['RS256'] }],
    ['a text', 'RSA'],
    ['nothing', null],
    ['a list', [RSA]],
  ])('leaves out %s', (_name, key) => {
    expect(readKeySet({ keys: [key, OKP] }).keys).toEqual([OKP]);
    expect(() => readKeySet({ keys: [key] })).toThrow(refused);
  });

  it.each([
    ['no object', []],
    ['nothing', null],
    ['no keys', {}],
    ['keys that are no list', { keys: {} }],
    ['an empty list', { keys: [] }],
  ])('refuses %s', (_name, document) => {
    expect(() => readKeySet(document)).toThrow(refused);
  });

  it('takes a hundred keys and not one more', () => {
    const list = (count: number): unknown => ({ keys: Array.from({ length: count }, () => RSA) });
    expect(readKeySet(list(100)).keys).toHaveLength(100);
    expect(() => readKeySet(list(101))).toThrow(refused);
  });
});
