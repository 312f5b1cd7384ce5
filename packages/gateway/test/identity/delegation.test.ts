import { createDelegationLink, generateDelegationKey, joinDelegationChain } from '@smcp/protocol';
import type { CreateLinkOptions, DelegationPrivateKey } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import type { AgentConfig, ApiKeyConfig } from '../../src/config/schema.ts';
import {
  agentEntry,
  AUDIENCE,
  CODE_HASH,
  keyEntry,
  NOW_MS,
  openGate,
  principalOf,
  random,
  toConfig,
  tokenOf,
} from './fixture.ts';

interface Change {
  readonly alice?: Partial<ApiKeyConfig>;
  readonly planner?: Partial<AgentConfig>;
  readonly worker?: Partial<AgentConfig>;
}

/** alice → planner → worker, each accepting the one before, all with keys. */
async function openChain(change: Change = {}) {
  const names = ['key:alice', 'agent:planner', 'agent:worker', 'key:eve'];
  const keys = new Map<string, DelegationPrivateKey>();
  for (const name of names) keys.set(name, (await generateDelegationKey()).privateKey);
  const publicKey = (id: string) => ({ public_key: keys.get(id)!.x });
  const entries = (more: Change = change) => ({
    apiKeys: [
      keyEntry('alice', { role: 'owner', ...publicKey('key:alice'), ...more.alice }),
      keyEntry('eve', publicKey('key:eve')),
    ],
    agents: [
      agentEntry('planner', {
        ...publicKey('agent:planner'),
        max_delegation_depth: 2,
        allowed_delegators: ['key:alice'],
        ...more.planner,
      }),
      agentEntry('worker', {
        ...publicKey('agent:worker'),
        max_delegation_depth: 2,
        allowed_delegators: ['key:alice', 'agent:planner'],
        ...more.worker,
      }),
    ],
    // Enough for tests that fail often.
    authFailureRate: { calls: '1000/s' },
  });
  const gate = await openGate(entries());
  const link = (delegator: string, delegate: string, more: Partial<CreateLinkOptions> = {}) =>
    createDelegationLink({
      delegator,
      delegate,
      audience: AUDIENCE,
      key: keys.get(delegator)!,
      scope: ['*:*'],
      lifetimeSeconds: 600,
      nowSeconds: NOW_MS / 1000,
      random,
      ...more,
    });
  const chain = async (more: Partial<CreateLinkOptions> = {}) => {
    const root = await link('key:alice', 'agent:planner', { maxDepth: 1 });
    return joinDelegationChain(
      root,
      await link('agent:planner', 'agent:worker', { previous: root, ...more }),
    );
  };
  const present = (agent: string, delegationChain: string) =>
    gate.present(tokenOf('agent', agent), { codeHash: CODE_HASH, delegationChain });
  const reload = (more: Change) => gate.service.reconfigure(toConfig(entries(more)));
  return {
    gate,
    keys,
    link,
    chain,
    present,
    reload,
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

describe('authenticate() with a delegation chain', () => {
  it('gives everybody in it, root first, with roles and what each passed on [S1-48]', async () => {
    await using cast = await openChain();
    const result = await cast.present('worker', await cast.chain({ scope: ['slack:read_*'] }));
    const principal = principalOf(result);
    expect(principal).toMatchObject({ id: 'agent:worker', kind: 'agent', roles: ['robot'] });
    const grants = principal.delegation?.grants ?? [];
    expect(grants.map(({ delegator, roles }) => ({ delegator, roles }))).toEqual([
      { delegator: 'key:alice', roles: ['owner'] },
      { delegator: 'agent:planner', roles: ['robot'] },
    ]);
    const tool = (name: string) => ({ kind: 'tool', server: 'slack', name }) as const;
    expect(grants.map(({ scope }) => scope.matches(tool('post_message')))).toEqual([true, false]);
    expect(grants.map(({ scope }) => scope.matches(tool('read_channel')))).toEqual([true, true]);
  });

  it('freezes what it gives', async () => {
    await using cast = await openChain();
    const principal = principalOf(await cast.present('worker', await cast.chain()));
    const { delegation } = principal;
    const frozen = [principal, delegation, delegation?.grants, delegation?.grants[0]];
    expect(frozen.map((value) => Object.isFrozen(value))).toEqual([true, true, true, true]);
  });

  it('lets an agent be the root', async () => {
    await using cast = await openChain();
    const principal = principalOf(
      await cast.present('worker', await cast.link('agent:planner', 'agent:worker')),
    );
    expect(principal.delegation?.grants.map((grant) => grant.delegator)).toEqual(['agent:planner']);
  });

  it('leaves the principal without a chain as it was', async () => {
    await using cast = await openChain();
    await cast.present('worker', await cast.chain());
    const plain = principalOf(await cast.gate.present(tokenOf('agent', 'worker'), { codeHash: CODE_HASH }));
    expect(plain).not.toHaveProperty('delegation');
  });
});

describe('authenticate() refuses a delegation chain', () => {
  const message = (link?: number) =>
    `The delegation chain is not valid${link === undefined ? '' : ` at link ${link}`}`;

  it('presented with a key', async () => {
    await using cast = await openChain();
    const root = await cast.link('key:eve', 'key:alice');
    expect(await cast.gate.present(tokenOf('key', 'alice'), { delegationChain: root })).toEqual({
      ok: false,
      code: 'AUTH_DELEGATION',
      message: message(),
      detail: 'key:alice: DELEGATION_PRESENTER: the presenter may not act for others',
      hint: 'smcp_key_alic',
    });
  });

  it('presented by an agent that may not act for others [S1-07]', async () => {
    await using cast = await openChain({ planner: { max_delegation_depth: 0 } });
    const result = await cast.present('planner', await cast.link('key:alice', 'agent:planner'));
    expect(result).toMatchObject({ code: 'AUTH_DELEGATION', message: message() });
  });

  it('longer than its presenter allows [S1-12]', async () => {
    await using cast = await openChain({ worker: { max_delegation_depth: 1 } });
    expect(await cast.present('worker', await cast.chain())).toMatchObject({
      code: 'AUTH_DELEGATION',
      message: message(2),
      detail: expect.stringContaining('DELEGATION_TOO_MANY_LINKS') as string,
    });
    const short = await cast.link('key:alice', 'agent:worker');
    expect(await cast.present('worker', short)).toMatchObject({ ok: true });
  });

  it('longer than an agent in its middle allows [S1-12]', async () => {
    await using cast = await openChain({ planner: { max_delegation_depth: 0 } });
    expect(await cast.present('worker', await cast.chain())).toMatchObject({
      message: message(1),
      detail: 'agent:worker: DELEGATION_TOO_DEEP: agent:planner accepts 0 links',
    });
  });

  it('from a delegator that its delegate does not accept; nobody is accepted unless named [S1-48]', async () => {
    await using cast = await openChain({ planner: { allowed_delegators: [] } });
    expect(await cast.present('worker', await cast.chain())).toMatchObject({
      message: message(1),
      detail: 'agent:worker: DELEGATION_NOT_ALLOWED: agent:planner does not accept key:alice',
    });
    expect(await cast.present('worker', await cast.link('key:eve', 'agent:worker'))).toMatchObject({
      message: message(1),
      detail: 'agent:worker: DELEGATION_NOT_ALLOWED: agent:worker does not accept key:eve',
    });
  });

  it.each(['*', 'key:*', 'alice', 'KEY:ALICE', 'key:alice ', 'key:alice2'])(
    'when %j is what its delegate accepts: ids are compared exactly',
    async (pattern) => {
      await using cast = await openChain({ planner: { allowed_delegators: [pattern] } });
      const result = await cast.present('planner', await cast.link('key:alice', 'agent:planner'));
      expect(result).toMatchObject({ code: 'AUTH_DELEGATION' });
    },
  );

  it('whose delegator has expired, is gone, or has no key', async () => {
    await using cast = await openChain({ alice: { expires: '2027-01-15T08:00:00Z' } });
    const root = await cast.link('key:alice', 'agent:planner');
    expect(await cast.present('planner', root)).toMatchObject({
      detail: 'agent:planner: DELEGATION_DELEGATOR: delegator key:alice is expired',
    });
    for (const alice of [{ name: 'bob' }, { public_key: undefined }] as Partial<ApiKeyConfig>[]) {
      cast.reload({ alice });
      expect(await cast.present('planner', root)).toMatchObject({
        message: message(1),
        detail: expect.stringContaining('DELEGATION_UNKNOWN_KEY') as string,
      });
    }
  });

  it('that passes through a key, which accepts nobody', async () => {
    await using cast = await openChain({ planner: { allowed_delegators: ['key:alice'] } });
    const root = await cast.link('key:eve', 'key:alice', { maxDepth: 1 });
    const next = await cast.link('key:alice', 'agent:planner', { previous: root });
    expect(await cast.present('planner', joinDelegationChain(root, next))).toMatchObject({
      message: message(1),
      detail: 'agent:planner: DELEGATION_DELEGATE: key:alice is not a registered agent',
    });
  });

  it('signed with another registered key, naming the link [S1-57]', async () => {
    await using cast = await openChain();
    const forged = await cast.chain({ key: cast.keys.get('key:eve')! });
    expect(await cast.present('worker', forged)).toMatchObject({
      message: message(2),
      detail: expect.stringContaining('DELEGATION_SIGNATURE') as string,
    });
  });

  it.each([
    ['expired', { nowSeconds: NOW_MS / 1000 - 700 }, 'DELEGATION_EXPIRED'],
    ['for another gateway', { audience: 'https://other.example' }, 'DELEGATION_AUDIENCE'],
    ['longer than an hour', { lifetimeSeconds: 3601 }, 'DELEGATION_LIFETIME'],
    ['from the future', { nowSeconds: NOW_MS / 1000 + 60 }, 'DELEGATION_NOT_YET_VALID'],
  ])('that is %s', async (_what, change, code) => {
    await using cast = await openChain();
    const root = await cast.link('key:alice', 'agent:planner', change);
    expect(await cast.present('planner', root)).toMatchObject({
      code: 'AUTH_DELEGATION',
      detail: expect.stringContaining(code) as string,
    });
  });

  it.each(['slack:**', 'slack: x', ' slack:x'])(
    'with the scope %j, which no policy could read',
    async (pattern) => {
      await using cast = await openChain();
      expect(await cast.present('worker', await cast.chain({ scope: ['*:*', pattern] }))).toMatchObject({
        message: message(2),
        detail: 'agent:worker: DELEGATION_SCOPE: a pattern of the scope cannot be read',
      });
    },
  );

  it('that another agent got', async () => {
    await using cast = await openChain();
    const root = await cast.link('key:alice', 'agent:planner');
    expect(await cast.present('worker', root)).toMatchObject({
      detail: expect.stringContaining('DELEGATION_PRESENTER') as string,
    });
  });

  it.each(['', ' ', ',', 'none', 'null', '[]', 'a.b.c', 'a'.repeat(17_000)])('that is %j', async (text) => {
    await using cast = await openChain();
    expect(await cast.present('worker', text)).toMatchObject({ ok: false, code: 'AUTH_DELEGATION' });
  });

  it('whatever else is wrong, before code hash and chain: the token', async () => {
    await using cast = await openChain();
    const delegationChain = await cast.chain();
    const result = await cast.gate.present(tokenOf('agent', 'nobody'), {
      codeHash: CODE_HASH,
      delegationChain,
    });
    expect(result).toMatchObject({ code: 'AUTH_UNKNOWN' });
    const changed = await cast.gate.present(tokenOf('agent', 'worker'), { codeHash: 'x', delegationChain });
    expect(changed).toMatchObject({ code: 'AUTH_CODE_HASH' });
  });
});

describe('isCurrent() of a delegated principal', () => {
  it('turns false when the chain ends, tolerated skew included, even if the clock is set back (A101)', async () => {
    await using cast = await openChain();
    const principal = principalOf(await cast.present('worker', await cast.chain()));
    cast.gate.time.pass(629_999);
    expect(cast.gate.service.isCurrent(principal)).toBe(true);
    cast.gate.time.pass(1);
    expect(cast.gate.service.isCurrent(principal)).toBe(false);
    cast.gate.time.wallMs -= 600_000;
    expect(cast.gate.service.isCurrent(principal)).toBe(false);
  });

  it.each<[string, Change]>([
    ['the root is gone', { alice: { name: 'bob' } }],
    ['the root has other roles', { alice: { role: 'guest' } }],
    ['the root has expired', { alice: { expires: '2027-01-01' } }],
    ['the middle no longer accepts the root', { planner: { allowed_delegators: [] } }],
    ['the presenter no longer accepts the middle', { worker: { allowed_delegators: [] } }],
    ['the presenter has another code hash', { worker: { code_hash: `sha256:${'00'.repeat(32)}` } }],
  ])('turns false when %s', async (_what, change) => {
    await using cast = await openChain();
    const principal = principalOf(await cast.present('worker', await cast.chain()));
    cast.reload({});
    expect(cast.gate.service.isCurrent(principal)).toBe(true);
    cast.reload(change);
    expect(cast.gate.service.isCurrent(principal)).toBe(false);
  });

  it('is false for a chain added by hand', async () => {
    await using cast = await openChain();
    const delegated = principalOf(await cast.present('worker', await cast.chain()));
    const plain = principalOf(await cast.gate.present(tokenOf('agent', 'worker'), { codeHash: CODE_HASH }));
    expect(cast.gate.service.isCurrent({ ...plain, delegation: delegated.delegation! })).toBe(false);
  });
});
