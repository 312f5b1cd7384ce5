import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createDelegationLink,
  joinDelegationChain,
  verifyDelegationChain,
} from '../../src/delegation/index.ts';
import { AUDIENCE, makeCast, NOW, random } from './fixture.ts';

describe('createDelegationLink()', () => {
  it('writes exactly the members of the format', async () => {
    const { link } = await makeCast();
    const compact = await link('key:alice', 'agent:a', { scope: ['slack:read_*'], keyId: 'laptop' });
    expect(decodeProtectedHeader(compact)).toEqual({
      alg: 'EdDSA',
      typ: 'smcp-delegation+jwt',
      kid: 'laptop',
    });
    expect(decodeJwt(compact)).toEqual({
      v: 1,
      iss: 'key:alice',
      sub: 'agent:a',
      aud: AUDIENCE,
      iat: NOW,
      exp: NOW + 600,
      jti: expect.stringMatching(/^[\w-]{22}$/) as string,
      scope: ['slack:read_*'],
      max_depth: 0,
      prev: null,
    });
  });

  it('takes fractions of a second from the clock and writes whole ones', async () => {
    const { link } = await makeCast();
    const claims = decodeJwt(await link('key:alice', 'agent:a', { nowSeconds: NOW + 0.9 }));
    expect(claims.iat).toBe(NOW);
  });

  it('signs with an imported key that cannot be exported', async () => {
    const { privateKeys, keyOf } = await makeCast();
    const key = await crypto.subtle.importKey(
      'jwk',
      privateKeys.get('key:alice')!,
      { name: 'Ed25519' },
      false,
      ['sign'],
    );
    const link = await createDelegationLink({
      delegator: 'key:alice',
      delegate: 'agent:a',
      audience: AUDIENCE,
      key,
      scope: ['*:*'],
      lifetimeSeconds: 60,
      nowSeconds: NOW,
      random,
    });
    const result = await verifyDelegationChain(link, {
      audience: AUDIENCE,
      presenter: 'agent:a',
      nowSeconds: NOW,
      keyOf,
    });
    expect(result).toMatchObject({ ok: true });
  });

  it('refuses a link that outlives the previous one by a second, and makes the one that does not', async () => {
    const { link } = await makeCast();
    const previous = await link('key:alice', 'agent:a', { maxDepth: 1 });
    const next = (lifetimeSeconds: number) => link('agent:a', 'agent:b', { previous, lifetimeSeconds });
    await expect(next(601)).rejects.toMatchObject({ name: 'DelegationError', code: 'DELEGATION_OUTLIVES' });
    await expect(next(600)).resolves.toContain('.');
  });

  it('refuses a link after one that allows none', async () => {
    const { link } = await makeCast();
    const previous = await link('key:alice', 'agent:a', { maxDepth: 0 });
    await expect(link('agent:a', 'agent:b', { previous })).rejects.toMatchObject({
      code: 'DELEGATION_DEPTH',
    });
  });

  it('refuses to allow as many further links as the previous one allows', async () => {
    const { link } = await makeCast();
    const previous = await link('key:alice', 'agent:a', { maxDepth: 2 });
    const next = (maxDepth: number) => link('agent:a', 'agent:b', { previous, maxDepth });
    await expect(next(2)).rejects.toMatchObject({ code: 'DELEGATION_DEPTH' });
    await expect(next(1)).resolves.toContain('.');
  });

  it('refuses to continue a chain that ends at somebody else', async () => {
    const { link } = await makeCast();
    const previous = await link('key:alice', 'agent:a', { maxDepth: 2 });
    await expect(link('agent:b', 'agent:c', { previous })).rejects.toMatchObject({
      code: 'DELEGATION_BROKEN',
    });
  });

  it('refuses to delegate to oneself or back to somebody in the chain', async () => {
    const { link, chain } = await makeCast();
    await expect(link('key:alice', 'key:alice')).rejects.toMatchObject({ code: 'DELEGATION_LOOP' });
    const previous = joinDelegationChain(...(await chain(2)));
    await expect(link('agent:b', 'key:alice', { previous })).rejects.toMatchObject({
      code: 'DELEGATION_LOOP',
    });
  });

  it('refuses another audience than that of the previous link', async () => {
    const { link } = await makeCast();
    const previous = await link('key:alice', 'agent:a', { maxDepth: 1 });
    await expect(
      link('agent:a', 'agent:b', { previous, audience: 'https://other.example' }),
    ).rejects.toMatchObject({ code: 'DELEGATION_AUDIENCE' });
  });

  it.each([
    ['a delegator without a kind', { delegator: 'alice', key: undefined }],
    ['a delegate with a comma', { delegate: 'agent:a,b' }],
    ['an empty audience', { audience: '' }],
    ['an empty scope', { scope: [] }],
    ['a pattern without a colon', { scope: ['slack'] }],
    ['a pattern with a line break', { scope: ['slack:a\nb'] }],
    ['too many patterns', { scope: Array.from({ length: 65 }, (_, index) => `s:${index}`) }],
    ['a negative depth', { maxDepth: -1 }],
    ['a broken depth', { maxDepth: 0.5 }],
    ['a key label that is a path', { keyId: '../../etc/passwd' }],
    ['a previous link that is none', { previous: 'a.b.c' }],
  ])('refuses %s', async (_what, { key: _key, ...change }: Record<string, unknown>) => {
    const { link, privateKeys } = await makeCast();
    const making = link('key:alice', 'agent:a', { key: privateKeys.get('key:alice')!, ...change });
    await expect(making).rejects.toMatchObject({
      name: 'DelegationError',
      code: expect.stringMatching(/^DELEGATION_(MALFORMED|ALGORITHM)$/) as string,
    });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a lifetime of %s',
    async (lifetime) => {
      const { link } = await makeCast();
      await expect(link('key:alice', 'agent:a', { lifetimeSeconds: lifetime })).rejects.toThrow(RangeError);
    },
  );
});
