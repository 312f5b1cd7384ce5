import { base64url, CompactSign, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { joinDelegationChain, verifyDelegationChain } from '../../src/delegation/index.ts';
import type { VerifyChainOptions } from '../../src/delegation/index.ts';
import { AUDIENCE, goodClaims, goodHeader, makeCast, NOW } from './fixture.ts';
import type { Cast } from './fixture.ts';

function verify(cast: Cast, header: string, more: Partial<VerifyChainOptions> = {}) {
  return verifyDelegationChain(header, {
    audience: AUDIENCE,
    presenter: 'agent:a',
    nowSeconds: NOW,
    keyOf: cast.keyOf,
    ...more,
  });
}

describe('verifyDelegationChain() accepts', () => {
  it('one link, and tells what it says', async () => {
    const cast = await makeCast();
    const link = await cast.sign(goodHeader, goodClaims({ scope: ['slack:read_*', 'jira:*'] }));
    expect(await verify(cast, link)).toEqual({
      ok: true,
      links: [
        {
          delegator: 'key:alice',
          delegate: 'agent:a',
          scope: ['slack:read_*', 'jira:*'],
          expiresAtSeconds: NOW + 600,
          id: 'AAAAAAAAAAAAAAAAAAAAAA',
        },
      ],
    });
  });

  it('a chain of four links, root first [S1-48]', async () => {
    const cast = await makeCast();
    const result = await verify(cast, joinDelegationChain(...(await cast.chain(4))), {
      presenter: 'agent:d',
    });
    expect(result.ok && result.links.map((link) => `${link.delegator} ${link.delegate}`)).toEqual([
      'key:alice agent:a',
      'agent:a agent:b',
      'agent:b agent:c',
      'agent:c agent:d',
    ]);
  });

  it('members in another order, spaces in the JSON, and a key label', async () => {
    const cast = await makeCast();
    const payload = JSON.stringify(Object.fromEntries(Object.entries(goodClaims()).reverse()), undefined, 2);
    const link = await cast.sign('{ "kid": "k1", "typ": "smcp-delegation+jwt", "alg": "EdDSA" }', payload);
    expect(await verify(cast, link)).toMatchObject({ ok: true });
  });

  it('colons and quotes inside of strings without taking them for members', async () => {
    const cast = await makeCast();
    const link = await cast.sign(goodHeader, goodClaims({ scope: ['web:https://a"b\\:c'] }));
    expect(await verify(cast, link)).toMatchObject({ ok: true });
  });

  it('an imported public key', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: (await cast.keyOf('key:alice'))! };
    const key = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['verify']);
    expect(await verify(cast, link!, { keyOf: async () => key })).toMatchObject({ ok: true });
  });
});

describe('verifyDelegationChain() refuses the form', () => {
  const headers: readonly [string, unknown, string][] = [
    ['alg none', { ...goodHeader, alg: 'none' }, 'DELEGATION_ALGORITHM'],
    ['alg HS256', { ...goodHeader, alg: 'HS256' }, 'DELEGATION_ALGORITHM'],
    ['alg RS256', { ...goodHeader, alg: 'RS256' }, 'DELEGATION_ALGORITHM'],
    ['alg ES256', { ...goodHeader, alg: 'ES256' }, 'DELEGATION_ALGORITHM'],
    ['alg in lower case', { ...goodHeader, alg: 'eddsa' }, 'DELEGATION_ALGORITHM'],
    ['alg as a list', { ...goodHeader, alg: ['EdDSA'] }, 'DELEGATION_ALGORITHM'],
    ['no alg', { typ: goodHeader.typ }, 'DELEGATION_ALGORITHM'],
    ['no typ', { alg: 'EdDSA' }, 'DELEGATION_TYPE'],
    ['typ of another token', { ...goodHeader, typ: 'JWT' }, 'DELEGATION_TYPE'],
    ['a critical extension', { ...goodHeader, crit: ['b64'], b64: false }, 'DELEGATION_UNKNOWN_MEMBER'],
    ['a key of its own', { ...goodHeader, jwk: {} }, 'DELEGATION_UNKNOWN_MEMBER'],
    ['an address of keys', { ...goodHeader, jku: 'https://evil.example' }, 'DELEGATION_UNKNOWN_MEMBER'],
    ['kid that is a path', { ...goodHeader, kid: '../../dev/null' }, 'DELEGATION_MALFORMED'],
    ['kid that is an address', { ...goodHeader, kid: 'https://evil.example' }, 'DELEGATION_MALFORMED'],
    ['alg twice', '{"alg":"none","typ":"smcp-delegation+jwt","alg":"EdDSA"}', 'DELEGATION_DUPLICATE_MEMBER'],
    [
      'alg twice, once escaped',
      '{"\\u0061lg":"none","typ":"smcp-delegation+jwt","alg":"EdDSA"}',
      'DELEGATION_DUPLICATE_MEMBER',
    ],
    ['a list', '[]', 'DELEGATION_MALFORMED'],
    ['null', 'null', 'DELEGATION_MALFORMED'],
    ['a string', '"EdDSA"', 'DELEGATION_MALFORMED'],
    ['deep nesting', `{"alg":${'['.repeat(5000)}`, 'DELEGATION_MALFORMED'],
    ['no JSON', '{"alg":', 'DELEGATION_MALFORMED'],
    ['a byte order mark', `\uFEFF${JSON.stringify(goodHeader)}`, 'DELEGATION_MALFORMED'],
  ];
  it.each(headers)('of a header with %s', async (_what, header, code) => {
    const cast = await makeCast();
    const link = await cast.sign(header, goodClaims());
    expect(await verify(cast, link)).toMatchObject({ ok: false, link: 0, code });
  });

  const claims: readonly [string, Record<string, unknown>][] = [
    ['version 2', { v: 2 }],
    ['version as text', { v: '1' }],
    ['no delegator', { iss: undefined }],
    ['a delegator without a kind', { iss: 'alice' }],
    ['a delegator with a space', { iss: 'key:al ice' }],
    ['no delegate', { sub: undefined }],
    ['a delegate that is a list', { sub: ['agent:a'] }],
    ['no audience', { aud: undefined }],
    ['a list of audiences', { aud: [AUDIENCE] }],
    ['no time of issue', { iat: undefined }],
    ['a broken time of issue', { iat: NOW + 0.5 }],
    ['a start that is text', { nbf: `${NOW}` }],
    ['a start that is null', { nbf: null }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is text', { exp: `${NOW + 600}` }],
    ['an expiry at the time of issue', { exp: NOW }],
    ['a negative expiry', { exp: -1 }],
    ['an expiry beyond exact numbers', { exp: 2 ** 53 }],
    ['no id', { jti: undefined }],
    ['a short id', { jti: 'abc' }],
    ['no scope', { scope: undefined }],
    ['an empty scope', { scope: [] }],
    ['a scope that is text', { scope: '*:*' }],
    ['a scope with a number', { scope: [1] }],
    ['a scope without a colon', { scope: ['slack'] }],
    ['a scope without a server', { scope: [':x'] }],
    ['a scope pattern of 257 characters', { scope: [`s:${'x'.repeat(255)}`] }],
    ['no depth', { max_depth: undefined }],
    ['a depth that is text', { max_depth: '0' }],
    ['a depth above 64', { max_depth: 65 }],
    ['no previous digest', { prev: undefined }],
    ['a previous digest of the wrong length', { prev: 'AAAA' }],
  ];
  it.each(claims)('of a payload with %s', async (_what, change) => {
    const cast = await makeCast();
    const link = await cast.sign(goodHeader, goodClaims(change));
    expect(await verify(cast, link)).toMatchObject({ ok: false, link: 0, code: 'DELEGATION_MALFORMED' });
  });

  it('of a payload with a claim it does not know, also when named like a built-in', async () => {
    const cast = await makeCast();
    const text = JSON.stringify(goodClaims());
    for (const claim of ['"roles":["admin"]', '"__proto__":{"scope":["*:*"]}', '"constructor":1']) {
      const link = await cast.sign(goodHeader, text.replace('{', `{${claim},`));
      expect(await verify(cast, link)).toMatchObject({ code: 'DELEGATION_UNKNOWN_MEMBER' });
    }
  });

  it('of a payload that says something twice, plainly or escaped', async () => {
    const cast = await makeCast();
    const text = JSON.stringify(goodClaims());
    for (const claim of ['"sub":"agent:b"', '"s\\u0075b":"agent:b"', '"scope":["a:b"]']) {
      const link = await cast.sign(goodHeader, text.replace('{', `{${claim},`));
      expect(await verify(cast, link)).toMatchObject({ code: 'DELEGATION_DUPLICATE_MEMBER' });
    }
  });

  it.each([
    ['nothing', ''],
    ['a comma', ','],
    ['one part', 'abc'],
    ['two parts', 'abc.def'],
    ['empty parts', '..'],
    ['five parts (an encrypted token)', 'a.b.c.d.e'],
    ['text outside of ASCII', 'ä.ö.ü'],
    ['a bearer token', 'Bearer smcp_agent_x'],
  ])('of %s', async (_what, header) => {
    const cast = await makeCast();
    expect(await verify(cast, header)).toMatchObject({ ok: false, link: 0, code: 'DELEGATION_MALFORMED' });
  });

  it('of a link with padding, spaces, an empty signature or a cut one', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const unsigned = link!.slice(0, link!.lastIndexOf('.') + 1);
    const signature = link!.slice(unsigned.length);
    const cut = base64url.encode(base64url.decode(signature).subarray(0, 63));
    for (const header of [`${link!}==`, ` ${link!}`, `${link!} `, unsigned, unsigned + cut]) {
      expect(await verify(cast, header)).toMatchObject({ code: 'DELEGATION_MALFORMED' });
    }
  });

  it('of a list with spaces or a comma at its end, naming the link', async () => {
    const cast = await makeCast();
    const links = await cast.chain(2);
    const inner = await verify(cast, links.join(', '), { presenter: 'agent:b' });
    expect(inner).toMatchObject({ link: 1, code: 'DELEGATION_MALFORMED' });
    const end = await verify(cast, `${links.join(',')},`, { presenter: 'agent:b' });
    expect(end).toMatchObject({ link: 2, code: 'DELEGATION_MALFORMED' });
  });

  it('of a chain one byte or one link above the bound', async () => {
    const cast = await makeCast();
    const links = await cast.chain(3);
    const header = links.join(',');
    const at = (more: Partial<VerifyChainOptions>) => verify(cast, header, { presenter: 'agent:c', ...more });
    expect(await at({ maxBytes: header.length - 1 })).toMatchObject({ code: 'DELEGATION_TOO_LONG' });
    expect(await at({ maxBytes: header.length, maxLinks: 3 })).toMatchObject({ ok: true });
    expect(await at({ maxLinks: 2 })).toMatchObject({ link: 2, code: 'DELEGATION_TOO_MANY_LINKS' });
  });

  it('of a million commas quickly, by its length', async () => {
    const cast = await makeCast();
    expect(await verify(cast, ','.repeat(1_000_000))).toMatchObject({ code: 'DELEGATION_TOO_LONG' });
  });
});

describe('verifyDelegationChain() refuses the order', () => {
  it('of links in a row whose delegator is not the delegate before', async () => {
    const cast = await makeCast();
    const first = await cast.link('key:alice', 'agent:a', { maxDepth: 3 });
    const stranger = await cast.link('agent:b', 'agent:c');
    expect(await verify(cast, `${first},${stranger}`, { presenter: 'agent:c' })).toMatchObject({
      link: 1,
      code: 'DELEGATION_BROKEN',
    });
  });

  it('of links of two chains that fit by name [S1-57]', async () => {
    const cast = await makeCast();
    const root = () => cast.link('key:alice', 'agent:a', { maxDepth: 3 });
    const [one, other] = [await root(), await root()];
    const next = await cast.link('agent:a', 'agent:b', { previous: one });
    expect(await verify(cast, `${one},${next}`, { presenter: 'agent:b' })).toMatchObject({ ok: true });
    expect(await verify(cast, `${other},${next}`, { presenter: 'agent:b' })).toMatchObject({
      link: 1,
      code: 'DELEGATION_PREVIOUS',
    });
  });

  it('of a second link that claims to be a root', async () => {
    const cast = await makeCast();
    const first = await cast.link('key:alice', 'agent:a', { maxDepth: 3 });
    const root = await cast.link('agent:a', 'agent:b');
    expect(await verify(cast, `${first},${root}`, { presenter: 'agent:b' })).toMatchObject({
      link: 1,
      code: 'DELEGATION_PREVIOUS',
    });
  });

  it('of a chain without its root', async () => {
    const cast = await makeCast();
    const [, second] = await cast.chain(2);
    expect(await verify(cast, second!, { presenter: 'agent:b' })).toMatchObject({
      link: 0,
      code: 'DELEGATION_PREVIOUS',
    });
  });

  it('of a loop, also one that ends at the presenter', async () => {
    const cast = await makeCast();
    const self = await cast.sign(goodHeader, goodClaims({ iss: 'agent:a' }), 'agent:a');
    expect(await verify(cast, self)).toMatchObject({ link: 0, code: 'DELEGATION_LOOP' });

    const root = await cast.sign(
      goodHeader,
      goodClaims({ iss: 'agent:a', sub: 'agent:b', max_depth: 2 }),
      'agent:a',
    );
    const back = await cast.sign(
      goodHeader,
      goodClaims({ iss: 'agent:b', sub: 'agent:a', max_depth: 1, prev: await digest(root) }),
      'agent:b',
    );
    expect(await verify(cast, `${root},${back}`)).toMatchObject({ link: 1, code: 'DELEGATION_LOOP' });
  });

  it.each([
    [0, 0, false],
    [1, 1, false],
    [1, 2, false],
    [1, 0, true],
    [3, 1, true],
  ])('of a link after depth %i that allows %i: accepted %s [S1-12]', async (before, after, accepted) => {
    const cast = await makeCast();
    const root = await cast.sign(goodHeader, goodClaims({ max_depth: before }));
    const next = await cast.sign(
      goodHeader,
      goodClaims({ iss: 'agent:a', sub: 'agent:b', max_depth: after, prev: await digest(root) }),
      'agent:a',
    );
    const expected = accepted ? { ok: true } : { ok: false, link: 1, code: 'DELEGATION_DEPTH' };
    expect(await verify(cast, `${root},${next}`, { presenter: 'agent:b' })).toMatchObject(expected);
  });

  it.each([
    [600, true],
    [601, false],
  ])('of a second link that lives %i seconds: accepted %s', async (lifetime, accepted) => {
    const cast = await makeCast();
    const root = await cast.sign(goodHeader, goodClaims({ max_depth: 1 }));
    const next = await cast.sign(
      goodHeader,
      goodClaims({ iss: 'agent:a', sub: 'agent:b', exp: NOW + lifetime, prev: await digest(root) }),
      'agent:a',
    );
    const expected = accepted ? { ok: true } : { ok: false, link: 1, code: 'DELEGATION_OUTLIVES' };
    expect(await verify(cast, `${root},${next}`, { presenter: 'agent:b' })).toMatchObject(expected);
  });

  it('of a chain that somebody else presents', async () => {
    const cast = await makeCast();
    const header = (await cast.chain(2)).join(',');
    for (const presenter of ['agent:a', 'agent:c', 'key:alice', 'agent:B', '']) {
      expect(await verify(cast, header, { presenter })).toMatchObject({
        link: 1,
        code: 'DELEGATION_PRESENTER',
      });
    }
  });
});

describe('verifyDelegationChain() refuses the time and place', () => {
  it.each(['https://other.example', `${AUDIENCE}/`, AUDIENCE.toUpperCase()])(
    'of audience %s',
    async (aud) => {
      const cast = await makeCast();
      const link = await cast.sign(goodHeader, goodClaims({ aud }));
      expect(await verify(cast, link)).toMatchObject({ link: 0, code: 'DELEGATION_AUDIENCE' });
    },
  );

  const times: readonly [string, Record<string, unknown>, number, string | undefined][] = [
    ['within the skew after its end', {}, NOW + 629, undefined],
    ['at its end plus the skew', {}, NOW + 630, 'DELEGATION_EXPIRED'],
    ['within the skew before its issue', {}, NOW - 30, undefined],
    ['further before its issue', {}, NOW - 31, 'DELEGATION_NOT_YET_VALID'],
    ['within the skew before its start', { nbf: NOW + 130 }, NOW + 100, undefined],
    ['further before its start', { nbf: NOW + 131 }, NOW + 100, 'DELEGATION_NOT_YET_VALID'],
    ['of the longest lifetime', { exp: NOW + 3600 }, NOW, undefined],
    ['of one second more', { exp: NOW + 3601 }, NOW, 'DELEGATION_LIFETIME'],
    ['with a clock that is not a number', {}, Number.NaN, 'DELEGATION_NOT_YET_VALID'],
  ];
  it.each(times)('of a link %s', async (_what, change, nowSeconds, code) => {
    const cast = await makeCast();
    const link = await cast.sign(goodHeader, goodClaims(change));
    const expected = code === undefined ? { ok: true } : { ok: false, link: 0, code };
    expect(await verify(cast, link, { nowSeconds })).toMatchObject(expected);
  });

  it('of an expired link in the middle, naming it', async () => {
    const cast = await makeCast();
    const root = await cast.link('key:alice', 'agent:a', { maxDepth: 2 });
    const short = await cast.link('agent:a', 'agent:b', { previous: root, lifetimeSeconds: 60 });
    expect(
      await verify(cast, `${root},${short}`, { presenter: 'agent:b', nowSeconds: NOW + 90 }),
    ).toMatchObject({ link: 1, code: 'DELEGATION_EXPIRED' });
  });
});

describe('verifyDelegationChain() refuses the signature', () => {
  it('of a delegator without a key', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    expect(await verify(cast, link!, { keyOf: async () => undefined })).toMatchObject({
      link: 0,
      code: 'DELEGATION_UNKNOWN_KEY',
    });
  });

  it('made with the key of another principal, naming the forged link', async () => {
    const cast = await makeCast();
    const root = await cast.link('key:alice', 'agent:a', { maxDepth: 2 });
    const forged = await cast.link('agent:a', 'agent:b', {
      previous: root,
      key: cast.privateKeys.get('agent:b')!,
    });
    expect(await verify(cast, `${root},${forged}`, { presenter: 'agent:b' })).toMatchObject({
      link: 1,
      code: 'DELEGATION_SIGNATURE',
    });
  });

  it('of a link whose payload was swapped under a good signature', async () => {
    const cast = await makeCast();
    const narrow = (await cast.sign(goodHeader, goodClaims({ scope: ['slack:read_*'] }))).split('.');
    const wide = (await cast.sign(goodHeader, goodClaims())).split('.');
    expect(await verify(cast, `${wide[0]!}.${wide[1]!}.${narrow[2]!}`)).toMatchObject({
      code: 'DELEGATION_SIGNATURE',
    });
  });

  it('with the group order added to it (RFC 8032 section 5.1.7)', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const [header, payload, text] = link!.split('.');
    const signature = base64url.decode(text!);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order + signature.subarray(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    for (let index = 32; index < 64; index += 1, s /= 256n) signature[index] = Number(s % 256n);
    expect(await verify(cast, `${header!}.${payload!}.${base64url.encode(signature)}`)).toMatchObject({
      code: 'DELEGATION_SIGNATURE',
    });
  });

  it('against a registered key of the wrong length or kind', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const { publicKey } = await generateKeyPair('ES256');
    const secret = await crypto.subtle.importKey(
      'raw',
      new Uint8Array(32),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign', 'verify'],
    );
    for (const key of ['AAAA', '', 'not base64url!', publicKey, secret]) {
      expect(await verify(cast, link!, { keyOf: async () => key })).toMatchObject({
        code: 'DELEGATION_SIGNATURE',
      });
    }
  });

  it('made with the public key as a symmetric secret', async () => {
    const cast = await makeCast();
    const secret = base64url.decode((await cast.keyOf('key:alice'))!);
    const link = await new CompactSign(new TextEncoder().encode(JSON.stringify(goodClaims())))
      .setProtectedHeader({ ...goodHeader, alg: 'HS256' })
      .sign(secret);
    expect(await verify(cast, link)).toMatchObject({ code: 'DELEGATION_ALGORITHM' });
  });
});

describe('verifyDelegationChain() fails', () => {
  it('with what the key lookup throws: a broken store is no refusal', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const broken = () => Promise.reject(new Error('store is gone'));
    await expect(verify(cast, link!, { keyOf: broken })).rejects.toThrow('store is gone');
  });

  it.each([
    ['maxLinks', 0],
    ['maxLinks', Number.POSITIVE_INFINITY],
    ['maxBytes', -1],
    ['maxLifetimeSeconds', 0],
    ['maxLifetimeSeconds', 86_401],
    ['clockSkewSeconds', Number.NaN],
  ])('when %s is %s', async (name, value) => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    await expect(verify(cast, link!, { [name]: value })).rejects.toThrow(RangeError);
  });
});

async function digest(compact: string): Promise<string> {
  return base64url.encode(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(compact))),
  );
}
