import { describe, expect, it } from 'vitest';
import type { AuthResult, Presented } from '../../../src/identity/index.ts';
import { AUDIENCE, keyEntry, NOT_VALID, openGate, principalOf, tokenOf, type Gate } from '../fixture.ts';
import { badTokens, foreignTokens, type Keys } from './bad-tokens.ts';
import {
  goodClaims,
  ISSUER,
  issuerWith,
  jwtIssuers,
  NOW_SECONDS,
  sign,
  signingKey,
  type FakeIssuer,
} from './issuer-fixture.ts';

const keys: Keys = {
  good: await signingKey('good'),
  foreign: await signingKey('foreign'),
  rsa: await signingKey('rsa', 'RS256'),
};
const sibling = await signingKey('sibling');

interface Setup extends AsyncDisposable {
  readonly issuer: FakeIssuer;
  readonly gate: Gate;
  readonly errors: string[];
  /** Presents a token; at no endpoint unless told. */
  readonly present: (token: string, more?: Partial<Presented>) => Promise<AuthResult>;
}

const SETTINGS = { issuer: ISSUER, roles: { engineers: 'eng' } };

async function setUp(settings: object = {}, rate = '1000/min'): Promise<Setup> {
  const issuer = await issuerWith(keys.good, sibling, keys.rsa);
  const errors: string[] = [];
  const gate = await openGate(
    {
      apiKeys: [keyEntry('alice')],
      authFailureRate: { calls: rate },
      jwtIssuers: jwtIssuers({ corp: { ...SETTINGS, ...settings } }),
    },
    { fetchDocument: issuer.fetchDocument, onIssuerError: (name) => errors.push(name) },
  );
  return {
    issuer,
    gate,
    errors,
    present: gate.present,
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

describe('authenticate() with a token of an external issuer', () => {
  it('gives its user', async () => {
    await using setup = await setUp();
    const result = await setup.present(await sign(keys.good, goodClaims({ scope: 'mcp' })));
    expect(principalOf(result)).toEqual({
      id: 'user:corp:ada',
      kind: 'user',
      tenant: 'default',
      roles: ['eng'],
      scopes: ['mcp'],
    });
  });

  it.each([
    ['type JWT', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['the long type', { typ: 'application/at+jwt' }],
    ['the type in capitals', { typ: 'AT+JWT' }],
    ['members that nobody needs', { x5t: 'abc', jku: 'https://login.example/keys' }],
  ])('accepts %s', async (_name, header) => {
    await using setup = await setUp();
    expect((await setup.present(await sign(keys.good, goodClaims(), header))).ok).toBe(true);
  });

  it.each([
    ['the last moment', { exp: NOW_SECONDS - 4 }],
    ['a beginning within the tolerance', { nbf: NOW_SECONDS + 5, iat: NOW_SECONDS + 5 }],
    ['a lifetime of exactly a day', { iat: NOW_SECONDS, exp: NOW_SECONDS + 86_400 }],
    ['a time with a fraction', { exp: NOW_SECONDS + 0.5 }],
    ['a list of audiences', { aud: ['https://other.example', AUDIENCE] }],
  ])('accepts %s', async (_name, change) => {
    await using setup = await setUp();
    expect((await setup.present(await sign(keys.good, goodClaims(change)))).ok).toBe(true);
  });

  it('accepts every configured algorithm, whose key the issuer has', async () => {
    await using setup = await setUp();
    expect((await setup.present(await sign(keys.rsa))).ok).toBe(true);
  });

  it.each(badTokens.map((bad) => [bad.name, bad.threat, bad] as const))(
    'refuses %s (%s)',
    async (_name, _threat, bad) => {
      await using setup = await setUp(bad.settings);
      const result = await setup.present(await bad.make(keys), { path: '/mcp/github' });
      expect(result).toEqual({
        ok: false,
        code: bad.code,
        message: NOT_VALID,
        detail: `issuer corp: ${bad.detail}`,
      });
    },
  );

  it.each(foreignTokens.map(({ name, threat, make }) => [name, threat, make] as const))(
    'refuses %s like any unknown token (%s)',
    async (_name, _threat, make) => {
      await using setup = await setUp();
      expect(await setup.present(await make(keys))).toMatchObject({
        ok: false,
        code: 'AUTH_UNKNOWN',
        message: NOT_VALID,
        detail: 'no such token',
      });
      expect(setup.issuer.asked).toEqual([]);
    },
  );

  it('asks an issuer for keys only with a token that could be its own', async () => {
    await using setup = await setUp();
    await setup.present(await sign(keys.good, goodClaims({ aud: 'https://other.example' })));
    await setup.present(await sign(keys.good, goodClaims({ exp: 1 })));
    expect(setup.issuer.asked).toEqual([]);
  });

  it('refuses a good token when no issuer is configured (A41)', async () => {
    await using gate = await openGate();
    expect(await gate.present(await sign(keys.good))).toMatchObject({ ok: false, code: 'AUTH_UNKNOWN' });
  });

  it('goes on accepting keys of this gateway beside', async () => {
    await using setup = await setUp();
    expect(principalOf(await setup.present(tokenOf('key', 'alice'))).id).toBe('key:alice');
    expect(principalOf(await setup.present(tokenOf('key', 'alice'))).scopes).toBeUndefined();
  });

  it('takes a key of the configuration that looks like a token for what it is', async () => {
    const token = await sign(keys.foreign, goodClaims({ sub: 'root' }));
    await using gate = await openGate({
      apiKeys: [keyEntry('odd', { key: token })],
      jwtIssuers: jwtIssuers({ corp: SETTINGS }),
    });
    expect(principalOf(await gate.present(token)).id).toBe('key:odd');
  });

  it('refuses a delegation chain with it', async () => {
    await using setup = await setUp();
    const result = await setup.present(await sign(keys.good), { delegationChain: 'a.b.c' });
    expect(result).toMatchObject({
      ok: false,
      code: 'AUTH_DELEGATION',
      detail: 'user:corp:ada: a user acts for nobody else',
    });
  });
});

describe('authenticate() with a token for an endpoint', () => {
  it('accepts it there and below, and nowhere else, also when it is remembered (A42)', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good, goodClaims({ aud: `${AUDIENCE}/mcp/github` }));
    expect((await setup.present(token, { path: '/mcp/github' })).ok).toBe(true);
    for (const path of ['/mcp', '/mcp/slack', '/mcp/github2', '/metrics', '/', '']) {
      expect(await setup.present(token, { path })).toMatchObject({
        code: 'AUTH_UNKNOWN',
        detail: 'issuer corp: made for another audience',
      });
    }
    expect((await setup.present(token, { path: '/mcp/github' })).ok).toBe(true);
  });

  it('accepts further audiences of the configuration', async () => {
    await using setup = await setUp({ audience: ['api://smcp', 'client-7'] });
    expect((await setup.present(await sign(keys.good, goodClaims({ aud: 'client-7' })))).ok).toBe(true);
    expect((await setup.present(await sign(keys.good, goodClaims({ aud: 'client-8' })))).ok).toBe(false);
  });
});

describe('authenticate() with required scopes', () => {
  const settings = { required_scopes: ['mcp', 'tools'] };

  it('accepts a token that has them all', async () => {
    await using setup = await setUp(settings);
    expect((await setup.present(await sign(keys.good, goodClaims({ scope: 'tools mcp x' })))).ok).toBe(true);
  });

  it.each([
    ['one', 'mcp'],
    ['all', undefined],
    ['one that is written differently', 'mcp TOOLS'],
  ])('refuses a token that lacks %s and says which are needed (A49)', async (_name, scope) => {
    await using setup = await setUp(settings);
    expect(await setup.present(await sign(keys.good, goodClaims({ scope })))).toMatchObject({
      ok: false,
      code: 'AUTH_SCOPE',
      message: 'The token lacks a scope that is needed here',
      scopes: ['mcp', 'tools'],
    });
  });

  it('tells nobody the scopes whose token is not good', async () => {
    await using setup = await setUp(settings);
    const result = await setup.present(await sign({ ...keys.foreign, kid: 'good' }));
    expect(result).toMatchObject({ code: 'AUTH_UNKNOWN' });
    expect(result).not.toHaveProperty('scopes');
  });
});

describe('authenticate() remembers', () => {
  it('a good token for a minute, and gives the same principal before and after', async () => {
    await using setup = await setUp();
    const { issuer, gate, present } = setup;
    const token = await sign(keys.good);
    const first = principalOf(await present(token));
    issuer.mode = 'down';
    issuer.keys = [];
    gate.time.pass(59_999);
    expect(principalOf(await present(token))).toBe(first);
    gate.time.pass(1);
    expect(principalOf(await present(token))).toBe(first);
  });

  it('no token for more than eleven minutes after its key was withdrawn', async () => {
    await using setup = await setUp();
    const { issuer, gate, present } = setup;
    const token = await sign(keys.good, goodClaims({ exp: NOW_SECONDS + 3600 }));
    await present(token);
    issuer.keys = [sibling.publicJwk];
    gate.time.pass(10 * 60_000 - 1);
    expect((await present(token)).ok).toBe(true);
    gate.time.pass(59_999);
    expect((await present(token)).ok).toBe(true);
    gate.time.pass(1);
    expect(await present(token)).toMatchObject({
      code: 'AUTH_UNKNOWN',
      detail: 'issuer corp: it has no such key',
    });
  });

  it('no token beyond its expiry', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good, goodClaims({ exp: NOW_SECONDS + 10 }));
    expect((await setup.present(token)).ok).toBe(true);
    setup.gate.time.pass(14_999);
    expect((await setup.present(token)).ok).toBe(true);
    setup.gate.time.pass(1);
    expect(await setup.present(token)).toMatchObject({ code: 'AUTH_EXPIRED' });
  });

  it('two tokens of one user as two principals of one id', async () => {
    await using setup = await setUp();
    const one = principalOf(await setup.present(await sign(keys.good)));
    const two = principalOf(await setup.present(await sign(keys.good, goodClaims({ groups: [] }))));
    expect(two.id).toBe(one.id);
    expect([one.roles, two.roles]).toEqual([['eng'], []]);
  });

  it('nothing of a token that differs in its last character, even in bits that mean nothing (A42)', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good);
    expect((await setup.present(token)).ok).toBe(true);
    for (const last of 'ABCQRSgw') {
      const other = token.slice(0, -1) + last;
      expect((await setup.present(other)).ok).toBe(other === token);
    }
  });
});

describe('authenticate() while the issuer is away', () => {
  it('refuses without blame and says when to come back (A40)', async () => {
    await using setup = await setUp({}, '1/h');
    setup.issuer.mode = 'down';
    const token = await sign(keys.good);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await setup.present(token)).toEqual({
        ok: false,
        code: 'AUTH_UNAVAILABLE',
        message: 'The credential cannot be checked at the moment; try again later',
        detail: 'issuer corp: its keys cannot be had',
        retryAfterSeconds: 5,
      });
    }
    expect(setup.errors).toEqual(['corp']);
    setup.issuer.mode = 'up';
    setup.gate.time.pass(5000);
    expect((await setup.present(token)).ok).toBe(true);
  });

  it('goes on with the keys it has', async () => {
    await using setup = await setUp();
    await setup.present(await sign(keys.good));
    setup.issuer.mode = 'down';
    expect((await setup.present(await sign(keys.good, goodClaims({ sub: 'bob' })))).ok).toBe(true);
  });

  it('refuses everything when a check breaks (A40)', async () => {
    await using gate = await openGate(
      { jwtIssuers: jwtIssuers({ corp: SETTINGS }) },
      {
        fetchDocument: () => {
          throw new RangeError('A bug of ours');
        },
      },
    );
    expect(await gate.present(await sign(keys.good))).toMatchObject({ ok: false, code: 'AUTH_UNAVAILABLE' });
  });

  it('refuses when nobody knows how late it is (A40)', async () => {
    const issuer = await issuerWith(keys.good);
    let wall = NOW_SECONDS * 1000;
    await using gate = await openGate(
      { jwtIssuers: jwtIssuers({ corp: SETTINGS }) },
      { fetchDocument: issuer.fetchDocument, clock: () => wall },
    );
    const token = await sign(keys.good);
    const principal = principalOf(await gate.present(token));
    wall = Number.NaN;
    expect(await gate.present(token)).toMatchObject({ ok: false });
    expect(gate.service.isCurrent(principal)).toBe(false);
  });
});

describe('authenticate() limits failures with tokens of external issuers', () => {
  it('after as many as allowed, before anything is looked at (A39)', async () => {
    await using setup = await setUp({}, '3/h');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const token = await sign(keys.good, goodClaims({ exp: attempt }));
      expect(await setup.present(token)).toMatchObject({ code: 'AUTH_EXPIRED' });
    }
    expect(await setup.present(await sign(keys.good))).toMatchObject({ code: 'AUTH_RATE_LIMITED' });
    expect((await setup.present(await sign(keys.good), { source: '192.0.2.99' })).ok).toBe(true);
  });

  it('holds for forged tokens that come all at once', async () => {
    await using setup = await setUp({}, '5/h');
    const forged = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        sign({ ...keys.foreign, kid: 'good' }, goodClaims({ sub: `u${index}` })),
      ),
    );
    const codes = (await Promise.all(forged.map((token) => setup.present(token)))).map(
      (result) => !result.ok && result.code,
    );
    expect(codes.filter((code) => code === 'AUTH_UNKNOWN')).toHaveLength(5);
    expect(codes.filter((code) => code === 'AUTH_RATE_LIMITED')).toHaveLength(35);
  });

  it('does not hit many users of one address that come all at once', async () => {
    await using setup = await setUp({}, '1/h');
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, index) => sign(keys.good, goodClaims({ sub: `u${index}` }))),
    );
    const results = await Promise.all(tokens.map((token) => setup.present(token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(40);
    expect(setup.issuer.keysAsked).toBe(1);
  });

  it('does not shut out a token that worked from there', async () => {
    await using setup = await setUp({}, '1/h');
    const token = await sign(keys.good);
    await setup.present(token);
    await setup.present('no-such-token');
    expect((await setup.present(token)).ok).toBe(true);
    expect(await setup.present(await sign(keys.good, goodClaims({ sub: 'bob' })))).toMatchObject({
      code: 'AUTH_RATE_LIMITED',
    });
  });

  it('checks one token that comes many times at once only once', async () => {
    await using setup = await setUp({}, '1/h');
    const token = await sign(keys.good);
    const results = await Promise.all(Array.from({ length: 20 }, () => setup.present(token)));
    expect(new Set(results.map(principalOf)).size).toBe(1);
  });
});

describe('isCurrent() of a user', () => {
  it('turns false at the expiry of the token', async () => {
    await using setup = await setUp();
    const principal = principalOf(
      await setup.present(await sign(keys.good, goodClaims({ exp: NOW_SECONDS + 10 }))),
    );
    setup.gate.time.pass(14_999);
    expect(setup.gate.service.isCurrent(principal)).toBe(true);
    setup.gate.time.pass(1);
    expect(setup.gate.service.isCurrent(principal)).toBe(false);
  });

  it('does not turn true again when the clock goes back (A101)', async () => {
    await using setup = await setUp();
    const { time, service } = setup.gate;
    const principal = principalOf(
      await setup.present(await sign(keys.good, goodClaims({ exp: NOW_SECONDS + 10 }))),
    );
    time.pass(15_000);
    time.wallMs -= 60_000;
    expect(service.isCurrent(principal)).toBe(false);
  });

  it('is false for a copy, and for a principal that somebody made', async () => {
    await using setup = await setUp();
    const principal = principalOf(await setup.present(await sign(keys.good)));
    expect(setup.gate.service.isCurrent({ ...principal })).toBe(false);
    expect(setup.gate.service.isCurrent({ ...principal, id: 'user:corp:root' })).toBe(false);
  });

  it('is false after the service was closed, and no token works any more', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good);
    const principal = principalOf(await setup.present(token));
    await setup.gate.service[Symbol.asyncDispose]();
    expect(setup.gate.service.isCurrent(principal)).toBe(false);
    expect((await setup.present(token)).ok).toBe(false);
  });
});

describe('reconfigure() of issuers', () => {
  const rest = { apiKeys: [], agents: [], authFailureRate: { calls: '1000/min' } };

  it('keeps users, their principals and the keys of an issuer that stays as it is', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good);
    const principal = principalOf(await setup.present(token));
    setup.gate.service.reconfigure({ ...rest, jwtIssuers: jwtIssuers({ corp: SETTINGS }) });
    expect(setup.gate.service.isCurrent(principal)).toBe(true);
    expect(principalOf(await setup.present(token))).toBe(principal);
    expect(setup.issuer.keysAsked).toBe(1);
  });

  it.each([
    ['is removed', {}],
    ['gives other roles', { corp: { ...SETTINGS, roles: { engineers: 'admin' } } }],
    ['accepts other algorithms', { corp: { ...SETTINGS, algorithms: ['RS256'] } }],
    ['needs a scope', { corp: { ...SETTINGS, required_scopes: ['mcp'] } }],
    ['has another name', { other: SETTINGS }],
    ['is another', { corp: { ...SETTINGS, issuer: 'https://other.example' } }],
  ])('ends the users of an issuer that %s (A50)', async (_name, issuers) => {
    await using setup = await setUp();
    const principal = principalOf(await setup.present(await sign(keys.good)));
    setup.gate.service.reconfigure({ ...rest, jwtIssuers: jwtIssuers(issuers) });
    expect(setup.gate.service.isCurrent(principal)).toBe(false);
  });

  it('puts new settings in force for the next request of a remembered token', async () => {
    await using setup = await setUp();
    const token = await sign(keys.good);
    await setup.present(token);
    const changed = { corp: { ...SETTINGS, roles: { engineers: 'admin' } } };
    setup.gate.service.reconfigure({ ...rest, jwtIssuers: jwtIssuers(changed) });
    expect(principalOf(await setup.present(token)).roles).toEqual(['admin']);
    setup.gate.service.reconfigure(rest);
    expect(await setup.present(token)).toMatchObject({ ok: false, code: 'AUTH_UNKNOWN' });
  });

  it('refuses a token that was being checked when its issuer was removed', async () => {
    await using setup = await setUp();
    setup.issuer.mode = 'hangs';
    const waiting = setup.present(await sign(keys.good));
    await new Promise((resolve) => setImmediate(resolve));
    setup.gate.service.reconfigure(rest);
    expect((await waiting).ok).toBe(false);
  });

  it('refuses one issuer under two names and changes nothing', async () => {
    await using setup = await setUp();
    const principal = principalOf(await setup.present(await sign(keys.good)));
    const twice = jwtIssuers({ corp: SETTINGS, again: SETTINGS });
    expect(() => setup.gate.service.reconfigure({ ...rest, jwtIssuers: twice })).toThrow(
      expect.objectContaining({ name: 'IdentityError', code: 'IDENTITY_INVALID' }) as Error,
    );
    expect(setup.gate.service.isCurrent(principal)).toBe(true);
  });

  it('changes no issuer when something else is refused', async () => {
    await using setup = await setUp();
    const principal = principalOf(await setup.present(await sign(keys.good)));
    const clash = [keyEntry('a'), keyEntry('a')];
    expect(() => setup.gate.service.reconfigure({ ...rest, apiKeys: clash })).toThrow('Two entries');
    expect(setup.gate.service.isCurrent(principal)).toBe(true);
  });
});
