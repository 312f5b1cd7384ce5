import { describe, expect, it } from 'vitest';
import { createAuthenticator, issueAgent, issueKey } from '../../src/identity/index.ts';
import type { AuthResult, Presented } from '../../src/identity/index.ts';
import {
  agentEntry,
  AUDIENCE,
  CODE_HASH,
  hashToken,
  keyEntry,
  MemoryStore,
  NOT_VALID,
  NOW_MS,
  openGate,
  principalOf,
  random,
  SOURCE,
  toConfig,
  tokenOf,
} from './fixture.ts';

const MINUTE_MS = 60_000;
const wrongToken = (index = 0) => tokenOf('key', `guess${index}`);

function codeOf(result: AuthResult): string {
  return result.ok ? 'OK' : result.code;
}

describe('authenticate() accepts', () => {
  it('an API key of the file and gives its principal [S1-06]', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice', { roles: ['writer'] })] });
    expect(await gate.present(tokenOf('key', 'alice'))).toEqual({
      ok: true,
      principal: { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['reader', 'writer'] },
    });
  });

  it('an agent with its code hash [S1-07] [S1-26] [S1-46]', async () => {
    await using gate = await openGate({ agents: [agentEntry('bot')] });
    expect(await gate.present(tokenOf('agent', 'bot'), { codeHash: CODE_HASH })).toEqual({
      ok: true,
      principal: { id: 'agent:bot', kind: 'agent', tenant: 'default', roles: ['robot'] },
    });
  });

  it('keys and agents as one type of principal, of file and store alike [S1-08]', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('a')], agents: [agentEntry('b')] });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const key = await issueKey(context, { name: 'c', roles: ['reader'] });
    const agent = await issueAgent(context, { name: 'd', roles: ['reader'], codeHash: CODE_HASH });
    const tokens = [tokenOf('key', 'a'), tokenOf('agent', 'b'), key.token, agent.token];
    const members = ['id', 'kind', 'tenant', 'roles'];
    for (const token of tokens) {
      const result = await gate.present(token, { codeHash: CODE_HASH });
      expect(Object.keys(principalOf(result))).toEqual(members);
    }
  });

  it('a token made by hand, in any case of the scheme [S1-38]', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice', { key: 'made-by-hand' })] });
    const presented = { source: SOURCE, authorization: 'bEaReR made-by-hand' };
    expect(codeOf(await gate.service.authenticate(presented))).toBe('OK');
  });

  it('a key that presents a code hash it does not need', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    expect(codeOf(await gate.present(tokenOf('key', 'alice'), { codeHash: 'nonsense' }))).toBe('OK');
  });

  it('a key that was issued a moment ago by another process', async () => {
    await using gate = await openGate();
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'alice', roles: ['reader'] });
    const results = await Promise.all(Array.from({ length: 30 }, () => gate.present(token)));
    expect(new Set(results.map(codeOf))).toEqual(new Set(['OK']));
  });

  it('many at once from one source, more than may fail', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice')],
      authFailureRate: { calls: '1/h' },
    });
    const results = await Promise.all(
      Array.from({ length: 50 }, () => gate.present(tokenOf('key', 'alice'))),
    );
    expect(new Set(results.map(codeOf))).toEqual(new Set(['OK']));
  });

  it('and gives the same frozen principal each time, also after the store was read again', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'bob', roles: ['reader'] });
    for (const presented of [tokenOf('key', 'alice'), token]) {
      const first = principalOf(await gate.present(presented));
      await issueKey(context, { name: `other-${presented.slice(-4)}`, roles: ['reader'] });
      await gate.service.refresh();
      expect(principalOf(await gate.present(presented))).toBe(first);
      expect(Object.isFrozen(first) && Object.isFrozen(first.roles)).toBe(true);
    }
  });
});

describe('authenticate() refuses', () => {
  const known = tokenOf('key', 'alice');
  const malformed = { code: 'AUTH_MALFORMED', message: NOT_VALID };
  const unknown = { code: 'AUTH_UNKNOWN', message: NOT_VALID, detail: 'no such token' };
  const codeHash = {
    code: 'AUTH_CODE_HASH',
    message: 'The code hash is missing or not the registered one',
    hint: 'smcp_agent_botx',
  };
  const other = { ...codeHash, detail: 'agent:bot presented another code hash' };
  const bot = `Bearer ${tokenOf('agent', 'bot')}`;

  const refusals: readonly [string, Partial<Presented>, Record<string, unknown>][] = [
    [
      'nothing at all',
      {},
      {
        code: 'AUTH_MISSING',
        message: 'Authentication is required: send `Authorization: Bearer <token>`',
        detail: 'no Authorization header',
      },
    ],
    ['an empty header', { authorization: '' }, { code: 'AUTH_MISSING' }],
    [
      'another scheme',
      { authorization: 'Basic YWxpY2U6c2VjcmV0' },
      { ...malformed, detail: 'Authorization scheme is not Bearer' },
    ],
    ['a known token without its scheme', { authorization: known }, malformed],
    ['a known token after two spaces', { authorization: `Bearer  ${known}` }, malformed],
    ['a known token in quotes', { authorization: `Bearer "${known}"` }, malformed],
    ['two tokens', { authorization: `Bearer ${known}, Bearer ${known}` }, malformed],
    ['a header of 9 KiB', { authorization: `Bearer ${'a'.repeat(9216)}` }, malformed],
    ['an unknown token', { authorization: `Bearer ${wrongToken()}` }, { ...unknown, hint: 'smcp_key_gues' }],
    ['any text as token', { authorization: 'Bearer anything' }, unknown],
    ['a known token cut short', { authorization: `Bearer ${known.slice(0, -1)}` }, unknown],
    ['a known token with more behind it', { authorization: `Bearer ${known}x` }, unknown],
    ['a known token in other case', { authorization: `Bearer ${known.toUpperCase()}` }, unknown],
    ['the prefix alone', { authorization: 'Bearer smcp_key_' }, unknown],
    ['the keyed hash instead of the token', { authorization: `Bearer ${hashToken(known)}` }, unknown],
    ['the name of a built-in member', { authorization: 'Bearer __proto__' }, unknown],
    [
      'an expired key [S1-24]',
      { authorization: `Bearer ${tokenOf('key', 'old')}` },
      { code: 'AUTH_EXPIRED', message: NOT_VALID, detail: 'key:old has expired', hint: 'smcp_key_oldx' },
    ],
    [
      'an expired agent, code hash or not',
      { authorization: `Bearer ${tokenOf('agent', 'past')}` },
      { code: 'AUTH_EXPIRED', message: NOT_VALID, detail: 'agent:past has expired' },
    ],
    [
      'an agent without a code hash [S1-46]',
      { authorization: bot },
      { ...codeHash, detail: 'agent:bot presented no code hash' },
    ],
    ['a changed code hash [S1-47]', { authorization: bot, codeHash: `sha256:${'ac'.repeat(32)}` }, other],
    ['an empty code hash', { authorization: bot, codeHash: '' }, other],
    ['a code hash in upper case', { authorization: bot, codeHash: CODE_HASH.toUpperCase() }, other],
    ['a code hash without algorithm', { authorization: bot, codeHash: CODE_HASH.slice(7) }, other],
    ['a code hash with more behind it', { authorization: bot, codeHash: `${CODE_HASH}0` }, other],
    ['two code hashes', { authorization: bot, codeHash: `${CODE_HASH}, ${CODE_HASH}` }, other],
  ];

  it.each(refusals)('%s', async (_what, presented, expected) => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice'), keyEntry('old', { expires: '2027-01-15T08:00:00Z' })],
      agents: [agentEntry('bot'), agentEntry('past', { expires: '2027-01-01' })],
    });
    const result = await gate.service.authenticate({ source: SOURCE, ...presented });
    expect(result).toMatchObject({ ok: false, ...expected });
  });

  it('a revoked key, saying no more to the caller than of an unknown one', async () => {
    await using gate = await openGate();
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'alice', roles: ['reader'] });
    expect(codeOf(await gate.present(token))).toBe('OK');
    await gate.store.keys.revoke('alice', new Date(NOW_MS).toISOString());
    await gate.service.refresh();
    expect(await gate.present(token)).toMatchObject({
      code: 'AUTH_REVOKED',
      message: NOT_VALID,
      detail: 'key:alice was revoked',
    });
  });

  it('an expired key even when the clock is set back [S1-24] (A101)', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice', { expires: '2027-01-15T08:01:00Z' })],
    });
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('OK');
    gate.time.pass(MINUTE_MS);
    gate.time.wallMs -= 3_600_000;
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('AUTH_EXPIRED');
  });

  it('everybody when nobody is registered', async () => {
    await using gate = await openGate();
    for (const token of ['a', wrongToken(), '0']) {
      expect(codeOf(await gate.present(token))).toBe('AUTH_UNKNOWN');
    }
  });

  it('everybody after disposal', async () => {
    const gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const before = principalOf(await gate.present(tokenOf('key', 'alice')));
    await gate[Symbol.asyncDispose]();
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('AUTH_UNKNOWN');
    expect(gate.service.isCurrent(before)).toBe(false);
  });
});

describe('authenticate() limits failures', () => {
  it('refuses without looking once a source has failed too often, and says when to come back', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice')],
      authFailureRate: { calls: '3/min' },
    });
    for (let index = 0; index < 3; index += 1) {
      expect(codeOf(await gate.present(wrongToken(index)))).toBe('AUTH_UNKNOWN');
    }
    expect(await gate.present(tokenOf('key', 'alice'))).toEqual({
      ok: false,
      code: 'AUTH_RATE_LIMITED',
      message: 'Too many failed attempts; try again later',
      detail: `too many failed attempts from ${SOURCE}`,
      retryAfterSeconds: 20,
    });
    gate.time.pass(20_000);
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('OK');
  });

  it('holds for guesses made all at once', async () => {
    await using gate = await openGate({ authFailureRate: { calls: '5/min' } });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => gate.present(wrongToken(index))),
    );
    const codes = results.map(codeOf);
    expect(codes.filter((code) => code === 'AUTH_UNKNOWN')).toHaveLength(5);
    expect(codes.filter((code) => code === 'AUTH_RATE_LIMITED')).toHaveLength(95);
  });

  it('counts every kind of failure but a missing credential', async () => {
    const presentations: readonly [Partial<Presented>, boolean][] = [
      [{}, false],
      [{ authorization: 'Basic eA==' }, true],
      [{ authorization: `Bearer ${wrongToken()}` }, true],
      [{ authorization: `Bearer ${tokenOf('key', 'old')}` }, true],
      [{ authorization: `Bearer ${tokenOf('agent', 'bot')}` }, true],
      [{ authorization: `Bearer ${tokenOf('key', 'alice')}`, delegationChain: 'x' }, true],
    ];
    for (const [presented, counts] of presentations) {
      await using gate = await openGate({
        apiKeys: [keyEntry('alice'), keyEntry('old', { expires: '2027-01-01' })],
        agents: [agentEntry('bot')],
        authFailureRate: { calls: '1/h' },
      });
      await gate.service.authenticate({ source: SOURCE, ...presented });
      const next = codeOf(await gate.present(wrongToken()));
      expect(next).toBe(counts ? 'AUTH_RATE_LIMITED' : 'AUTH_UNKNOWN');
    }
  });

  it('lets others behind the same proxy go on, if they came in during the last ten minutes', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice'), keyEntry('bob')],
      authFailureRate: { calls: '1/h' },
    });
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('OK');
    await gate.present(wrongToken());
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('OK');
    expect(codeOf(await gate.present(tokenOf('key', 'bob')))).toBe('AUTH_RATE_LIMITED');
    gate.time.pass(10 * MINUTE_MS);
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('AUTH_RATE_LIMITED');
  });

  it('trusts nobody for having come in from elsewhere', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice')],
      authFailureRate: { calls: '1/h' },
    });
    await gate.present(tokenOf('key', 'alice'), { source: '192.0.2.8' });
    await gate.present(wrongToken());
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('AUTH_RATE_LIMITED');
  });

  it('trusts no agent whose code hash was wrong', async () => {
    await using gate = await openGate({
      agents: [agentEntry('bot')],
      authFailureRate: { calls: '1/h' },
    });
    await gate.present(tokenOf('agent', 'bot'), { codeHash: 'wrong' });
    const result = await gate.present(tokenOf('agent', 'bot'), { codeHash: CODE_HASH });
    expect(codeOf(result)).toBe('AUTH_RATE_LIMITED');
  });

  it('is not fooled by other addresses of the same IPv6 network', async () => {
    await using gate = await openGate({ authFailureRate: { calls: '1/h' } });
    await gate.present(wrongToken(), { source: '2001:db8:0:1::1' });
    const from = async (source: string) => codeOf(await gate.present(wrongToken(1), { source }));
    expect(await from('2001:db8:0:1:abcd::2')).toBe('AUTH_RATE_LIMITED');
    expect(await from('2001:db8:0:2::1')).toBe('AUTH_UNKNOWN');
  });

  it('is not reset by a valid login in between, nor by a reloaded configuration', async () => {
    const config = { apiKeys: [keyEntry('alice')], authFailureRate: { calls: '2/h' } };
    await using gate = await openGate(config);
    await gate.present(wrongToken(1));
    await gate.present(tokenOf('key', 'alice'));
    gate.service.reconfigure(toConfig(config));
    await gate.present(wrongToken(2));
    expect(codeOf(await gate.present(wrongToken(3)))).toBe('AUTH_RATE_LIMITED');
  });

  it('does not punish a key for being used the moment it was issued', async () => {
    await using gate = await openGate({ authFailureRate: { calls: '1/h' } });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'alice', roles: ['reader'] });
    expect(codeOf(await gate.present(token))).toBe('OK');
    expect(codeOf(await gate.present(wrongToken()))).toBe('AUTH_UNKNOWN');
  });

  it('does not ask the store for text that it never issued, nor when the limit is reached', async () => {
    await using gate = await openGate({ authFailureRate: { calls: '2/h' } });
    const { asked } = gate.store;
    await gate.present('not-of-the-issued-form');
    expect(gate.store.asked).toBe(asked);
    await gate.present(wrongToken());
    expect(gate.store.asked).toBe(asked + 1);
    await gate.present(wrongToken(1));
    expect(gate.store.asked).toBe(asked + 1);
  });

  it('asks the store a few times, not a thousand, in a flood from everywhere', async () => {
    await using gate = await openGate();
    const { asked } = gate.store;
    const flood = Array.from({ length: 1000 }, (_, index) =>
      gate.present(wrongToken(index), { source: `10.0.${index >> 8}.${index & 255}` }),
    );
    await Promise.all(flood);
    expect(gate.store.asked - asked).toBeLessThanOrEqual(2);
  });
});

describe('isCurrent()', () => {
  it('is true for a principal that just came in and false for one that did not', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const principal = principalOf(await gate.present(tokenOf('key', 'alice')));
    expect(gate.service.isCurrent(principal)).toBe(true);
    expect(gate.service.isCurrent({ ...principal })).toBe(false);
    expect(gate.service.isCurrent({ ...principal, roles: ['admin'] })).toBe(false);
    expect(gate.service.isCurrent({ id: 'key:eve', kind: 'key', tenant: 'default', roles: [] })).toBe(false);
  });

  it('turns false at the moment of expiry', async () => {
    await using gate = await openGate({
      apiKeys: [keyEntry('alice', { expires: '2027-01-15T08:01:00Z' })],
    });
    const principal = principalOf(await gate.present(tokenOf('key', 'alice')));
    gate.time.pass(MINUTE_MS - 1);
    expect(gate.service.isCurrent(principal)).toBe(true);
    gate.time.pass(1);
    expect(gate.service.isCurrent(principal)).toBe(false);
  });

  it('turns false within the polling interval after another process revoked the key', async () => {
    await using gate = await openGate({}, { pollIntervalMs: 5 });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'alice', roles: ['reader'] });
    const principal = principalOf(await gate.present(token));
    expect(gate.service.isCurrent(principal)).toBe(true);
    await gate.store.keys.revoke('alice', new Date(NOW_MS).toISOString());
    await expect.poll(() => gate.service.isCurrent(principal)).toBe(false);
  });

  it.each([
    ['removed', []],
    ['given other roles', [keyEntry('alice', { role: 'writer' })]],
    ['given another token', [keyEntry('alice', { key: 'another-token' })]],
    ['expired by the new file', [keyEntry('alice', { expires: '2027-01-01' })]],
  ])('turns false when the entry is %s in the configuration', async (_what, apiKeys) => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const principal = principalOf(await gate.present(tokenOf('key', 'alice')));
    gate.service.reconfigure(toConfig({ apiKeys: [keyEntry('alice'), keyEntry('bob')] }));
    expect(gate.service.isCurrent(principal)).toBe(true);
    gate.service.reconfigure(toConfig({ apiKeys }));
    expect(gate.service.isCurrent(principal)).toBe(false);
  });
});

describe('reconfigure()', () => {
  it.each([
    [
      'two entries of one name',
      { apiKeys: [keyEntry('bob'), keyEntry('bob')] },
      { code: 'IDENTITY_NAME_TAKEN' },
    ],
    ['a name of the store', { apiKeys: [keyEntry('stored')] }, { code: 'IDENTITY_NAME_TAKEN' }],
    ['an unreadable date', { apiKeys: [keyEntry('bob', { expires: 'soon' })] }, { code: 'IDENTITY_INVALID' }],
    ['an unreadable rate', { authFailureRate: { calls: 'many' } }, { name: 'SyntaxError' }],
  ])('refuses %s and changes nothing', async (_what, change, refusal) => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    await issueKey(context, { name: 'stored', roles: ['reader'] });
    await gate.service.refresh();
    const before = gate.service.listPrincipals();
    expect(() => gate.service.reconfigure(toConfig(change))).toThrow(expect.objectContaining(refusal));
    expect(gate.service.listPrincipals()).toEqual(before);
    expect(codeOf(await gate.present(tokenOf('key', 'alice')))).toBe('OK');
  });
});

describe('createAuthenticator()', () => {
  it('refuses to open on a name that is in the file and the store', async () => {
    const store = new MemoryStore();
    await issueKey({ store, hashToken, random, clock: () => NOW_MS }, { name: 'alice', roles: ['reader'] });
    await expect(openGate({ apiKeys: [keyEntry('alice')] }, { store })).rejects.toMatchObject({
      code: 'IDENTITY_NAME_TAKEN',
    });
  });

  it('refuses to open on a store that cannot be read, and asks it no more', async () => {
    const store = new MemoryStore();
    store.mode = 'down';
    await expect(openGate({}, { store, pollIntervalMs: 1 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    const { asked } = store;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(store.asked).toBe(asked);
  });

  it('works with the clocks of the platform', async () => {
    await using service = await createAuthenticator({
      config: toConfig({ apiKeys: [keyEntry('alice', { expires: '2999-01-01' })] }),
      store: new MemoryStore(),
      hashToken,
      audience: AUDIENCE,
      clock: Date.now,
    });
    const authorization = `Bearer ${tokenOf('key', 'alice')}`;
    expect(codeOf(await service.authenticate({ source: SOURCE, authorization }))).toBe('OK');
  });
});

describe('listPrincipals()', () => {
  it('shows file and store together without tokens or hashes', async () => {
    await using gate = await openGate({ apiKeys: [keyEntry('alice')] });
    const context = { store: gate.store, hashToken, random, clock: () => NOW_MS };
    const { token } = await issueKey(context, { name: 'bob', roles: ['x'], expiresAt: '2027-02-01' });
    await gate.service.refresh();
    expect(gate.service.listPrincipals()).toEqual([
      { id: 'key:alice', kind: 'key', roles: ['reader'], hint: 'smcp_key_alic', source: 'file' },
      {
        id: 'key:bob',
        kind: 'key',
        roles: ['x'],
        expiresAt: '2027-02-01T00:00:00.000Z',
        hint: token.slice(0, 13),
        source: 'store',
      },
    ]);
  });
});
