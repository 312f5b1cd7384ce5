import { generateDelegationKey } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { issueAgent, issueKey } from '../../src/identity/index.ts';
import type { AgentRequest } from '../../src/identity/index.ts';
import { StoreError } from '../../src/store/store.ts';
import { agentEntry, CODE_HASH, hashToken, keyEntry, MemoryStore, NOW_MS, random } from './fixture.ts';

function open(config?: { apiKeys: { name: string }[]; agents: { name: string }[] }) {
  const store = new MemoryStore();
  const context = { store, hashToken, random, clock: () => NOW_MS };
  return { store, context: config ? { ...context, config } : context };
}

const request = { name: 'alice', roles: ['reader'] };
const agentRequest = { ...request, codeHash: CODE_HASH };

describe('issueKey()', () => {
  it('gives the key once and stores its hash and hint alone [S1-23]', async () => {
    const { store, context } = open();
    const { publicKey } = await generateDelegationKey();
    const { token, entry } = await issueKey(context, {
      name: 'alice',
      roles: ['reader', 'writer', 'reader'],
      expiresAt: '2027-06-01T02:00:00+02:00',
      publicKey,
    });
    expect(token).toMatch(/^smcp_key_[\w-]{43}$/);
    expect(entry).toEqual({
      name: 'alice',
      hash: hashToken(token),
      hint: token.slice(0, 13),
      roles: ['reader', 'writer'],
      createdAt: '2027-01-15T08:00:00.000Z',
      expiresAt: '2027-06-01T00:00:00.000Z',
      publicKey,
    });
    expect(await store.keys.list()).toEqual([entry]);
    expect(JSON.stringify(await store.keys.list())).not.toContain(token.slice(9, 14));
  });

  it('refuses a name of the file, of the store, and of a revoked key', async () => {
    const { store, context } = open({ apiKeys: [keyEntry('filed')], agents: [agentEntry('bot')] });
    const taken = { name: 'IdentityError', code: 'IDENTITY_NAME_TAKEN' };
    await expect(issueKey(context, { ...request, name: 'filed' })).rejects.toMatchObject(taken);
    await issueKey(context, request);
    await expect(issueKey(context, request)).rejects.toMatchObject(taken);
    await store.keys.revoke('alice', '2027-01-15T08:00:00.000Z');
    await expect(issueKey(context, request)).rejects.toMatchObject(taken);
    await expect(issueKey(context, { ...request, name: 'bot' })).resolves.toMatchObject({});
  });

  it.each([
    ['no name', { name: '' }],
    ['a name with a colon', { name: 'key:alice' }],
    ['a name that is a path', { name: '../alice' }],
    ['a name of 65 characters', { name: 'a'.repeat(65) }],
    ['a name with a line break', { name: 'alice\n' }],
    ['no roles', { roles: [] }],
    ['a role that is a pattern', { roles: ['*'] }],
    ['an expiry that has passed', { expiresAt: '2027-01-15T08:00:00Z' }],
    ['an expiry without a zone', { expiresAt: '2028-01-01T00:00:00' }],
    ['an expiry in words', { expiresAt: 'next week' }],
    ['an expiry on the 40th', { expiresAt: '2028-01-40' }],
    ['an expiry that is a number', { expiresAt: '2028' }],
    ['an expiry that is empty', { expiresAt: '' }],
    ['a short public key', { publicKey: 'AAAA' }],
    ['a public key in PEM', { publicKey: '-----BEGIN PUBLIC KEY-----' }],
  ])('refuses %s and stores nothing', async (_what, change) => {
    const { store, context } = open();
    await expect(issueKey(context, { ...request, ...change })).rejects.toMatchObject({
      name: 'IdentityError',
      code: 'IDENTITY_INVALID',
    });
    expect(await store.keys.list()).toEqual([]);
  });

  it('quotes no token that was mistaken for something else', async () => {
    const { context } = open();
    const { token } = await issueKey(context, request);
    for (const change of [{ name: `${token}!` }, { roles: [token] }, { expiresAt: token }]) {
      const refused: unknown = await issueKey(context, { ...request, ...change }).catch(
        (error: unknown) => error,
      );
      expect(String(refused)).toContain('got a token');
      expect(String(refused)).not.toContain(token.slice(9));
    }
  });

  it('passes on the failure of a store', async () => {
    const { store, context } = open();
    store.keys.create = () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'No connection'));
    await expect(issueKey(context, request)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('issueAgent()', () => {
  it('stores code hash, depth and delegators, and nobody may delegate unless said [S1-26]', async () => {
    const { store, context } = open();
    const { token, entry } = await issueAgent(context, agentRequest);
    expect(token).toMatch(/^smcp_agent_[\w-]{43}$/);
    expect(entry).toMatchObject({ codeHash: CODE_HASH, maxDelegationDepth: 0, allowedDelegators: [] });
    expect(await store.agents.list()).toEqual([entry]);

    const other = await issueAgent(context, {
      ...agentRequest,
      name: 'bob',
      maxDelegationDepth: 16,
      allowedDelegators: ['key:alice', 'agent:alice', 'key:alice'],
    });
    expect(other.entry).toMatchObject({
      maxDelegationDepth: 16,
      allowedDelegators: ['key:alice', 'agent:alice'],
    });
  });

  it('refuses a name of the file or the store', async () => {
    const { context } = open({ apiKeys: [keyEntry('alice')], agents: [agentEntry('filed')] });
    const taken = { code: 'IDENTITY_NAME_TAKEN' };
    await expect(issueAgent(context, { ...agentRequest, name: 'filed' })).rejects.toMatchObject(taken);
    await issueAgent(context, agentRequest);
    await expect(issueAgent(context, agentRequest)).rejects.toMatchObject(taken);
  });

  const refused: readonly [string, Partial<AgentRequest>][] = [
    ['a code hash without algorithm', { codeHash: 'ab'.repeat(32) }],
    ['a code hash in upper case', { codeHash: `sha256:${'AB'.repeat(32)}` }],
    ['a short code hash', { codeHash: `sha256:${'ab'.repeat(31)}` }],
    ['a negative depth', { maxDelegationDepth: -1 }],
    ['a depth of 17', { maxDelegationDepth: 17 }],
    ['a broken depth', { maxDelegationDepth: 1.5 }],
    ['a depth that is no number', { maxDelegationDepth: Number.NaN }],
    ['a delegator without a kind', { allowedDelegators: ['alice'] }],
    ['any delegator', { allowedDelegators: ['*'] }],
    ['two delegators in one', { allowedDelegators: ['key:alice,key:bob'] }],
    ['a wrong name', { name: 'a b' }],
  ];
  it.each(refused)('refuses %s and stores nothing', async (_what, change) => {
    const { store, context } = open();
    await expect(issueAgent(context, { ...agentRequest, ...change })).rejects.toMatchObject({
      code: 'IDENTITY_INVALID',
    });
    expect(await store.agents.list()).toEqual([]);
  });
});
