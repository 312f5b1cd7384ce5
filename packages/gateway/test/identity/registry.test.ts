import { generateDelegationKey } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { credentialState, fromKeyConfig, fromStoredKey } from '../../src/identity/credential.ts';
import {
  buildRegistry,
  readFileCredentials,
  refuseNameClash,
  toStoreCredentials,
} from '../../src/identity/registry.ts';
import type { StoredKey } from '../../src/store/store.ts';
import { agentEntry, hashToken, keyEntry, NOW_MS, tokenOf } from './fixture.ts';

function storedKey(name: string, change: Partial<StoredKey> = {}): StoredKey {
  return {
    name,
    hash: hashToken(tokenOf('key', name)),
    hint: 'smcp_key_abcd',
    roles: ['reader'],
    createdAt: '2027-01-01T00:00:00.000Z',
    ...change,
  };
}

describe('readFileCredentials()', () => {
  it('takes role and roles together, each once', () => {
    const [credential] = readFileCredentials(
      { apiKeys: [keyEntry('alice', { role: 'a', roles: ['b', 'a', 'c'] })], agents: [] },
      hashToken,
    );
    expect(credential?.principal.roles).toEqual(['a', 'b', 'c']);
  });

  it('gives no role where none is written', () => {
    const [credential] = readFileCredentials(
      { apiKeys: [{ name: 'alice', key: tokenOf('key', 'alice') }], agents: [] },
      hashToken,
    );
    expect(credential?.principal.roles).toEqual([]);
  });

  it('keeps no token', () => {
    const config = { apiKeys: [keyEntry('alice')], agents: [agentEntry('bot')] };
    const text = JSON.stringify(readFileCredentials(config, hashToken));
    for (const token of [tokenOf('key', 'alice'), tokenOf('agent', 'bot')]) expect(text).not.toContain(token);
  });

  it('refuses two keys of one name, and lets a key and an agent share it', () => {
    const twice = { apiKeys: [keyEntry('alice'), keyEntry('alice', { key: 'another-token' })], agents: [] };
    expect(() => readFileCredentials(twice, hashToken)).toThrow(
      expect.objectContaining({ name: 'IdentityError', code: 'IDENTITY_NAME_TAKEN' }),
    );
    const both = { apiKeys: [keyEntry('alice')], agents: [agentEntry('alice')] };
    expect(readFileCredentials(both, hashToken).map((one) => one.principal.id)).toEqual([
      'key:alice',
      'agent:alice',
    ]);
  });

  it('refuses one token for two, without quoting it', () => {
    const token = tokenOf('key', 'shared');
    const config = { apiKeys: [keyEntry('alice', { key: token })], agents: [agentEntry('bot', { token })] };
    expect(() => readFileCredentials(config, hashToken)).toThrow(
      expect.objectContaining({
        code: 'IDENTITY_TOKEN_REUSED',
        message: 'key:alice and agent:bot have the same token',
      }),
    );
  });

  it.each([{ expires: 'tomorrow' }, { expires: '' }, { public_key: 'AAAA' }])('refuses %o', (change) => {
    const config = { apiKeys: [keyEntry('alice', change)], agents: [] };
    expect(() => readFileCredentials(config, hashToken)).toThrow(
      expect.objectContaining({ code: 'IDENTITY_INVALID' }),
    );
  });

  it('accepts a public key', async () => {
    const { publicKey } = await generateDelegationKey();
    const config = { apiKeys: [keyEntry('alice', { public_key: publicKey })], agents: [] };
    expect(readFileCredentials(config, hashToken)[0]?.publicKey).toBe(publicKey);
  });
});

describe('credentialState()', () => {
  const at = (expires: string) => fromKeyConfig(keyEntry('alice', { expires }), hashToken);

  it('is expired from the very moment on [S1-24]', () => {
    const credential = at('2027-01-15T08:00:00Z');
    expect(credentialState(credential, NOW_MS - 1)).toBe('current');
    expect(credentialState(credential, NOW_MS)).toBe('expired');
  });

  it('takes a date as its midnight in UTC', () => {
    const credential = at('2027-01-15');
    expect(credentialState(credential, Date.UTC(2027, 0, 14, 23, 59, 59, 999))).toBe('current');
    expect(credentialState(credential, Date.UTC(2027, 0, 15))).toBe('expired');
  });

  it('heeds the zone', () => {
    const credential = at('2027-01-15T10:00:00+02:00');
    expect(credentialState(credential, NOW_MS - 1)).toBe('current');
    expect(credentialState(credential, NOW_MS)).toBe('expired');
  });

  it('is expired when the stored date or the clock cannot be read', () => {
    expect(credentialState(fromStoredKey(storedKey('alice', { expiresAt: 'soon' })), 0)).toBe('expired');
    expect(credentialState(fromStoredKey(storedKey('alice')), Number.NaN)).toBe('expired');
  });

  it('is revoked whatever the date', () => {
    const credential = fromStoredKey(storedKey('alice', { revokedAt: '2099-01-01T00:00:00Z' }));
    expect(credentialState(credential, 0)).toBe('revoked');
  });
});

describe('buildRegistry()', () => {
  it('finds by hash and by id, and nothing else', () => {
    const registry = buildRegistry([], toStoreCredentials([storedKey('alice')], []));
    const hash = hashToken(tokenOf('key', 'alice'));
    expect(registry.findByHash(hash)?.principal.id).toBe('key:alice');
    expect(registry.findById('key:alice')?.hash).toBe(hash);
    for (const wrong of ['', hash.slice(1), hash.toUpperCase(), `${hash}0`, 'constructor', '__proto__']) {
      expect(registry.findByHash(wrong)).toBeUndefined();
      expect(registry.findById(wrong)).toBeUndefined();
    }
    expect(registry.findById('agent:alice')).toBeUndefined();
  });

  it('lets the file win where the store has the same name or token', () => {
    const file = readFileCredentials(
      { apiKeys: [keyEntry('alice'), keyEntry('bob')], agents: [] },
      hashToken,
    );
    const store = toStoreCredentials(
      [
        storedKey('alice', { hash: 'aa', roles: ['admin'] }),
        storedKey('eve', { hash: hashToken(tokenOf('key', 'bob')), roles: ['admin'] }),
      ],
      [],
    );
    const registry = buildRegistry(file, store);
    expect(registry.findByHash('aa')).toBeUndefined();
    expect(registry.findById('key:eve')).toBeUndefined();
    expect(registry.list().map((one) => `${one.id} ${one.roles.join()}`)).toEqual([
      'key:alice reader',
      'key:bob reader',
    ]);
  });

  it('keeps the object of an unchanged entry and replaces that of a changed one', () => {
    const first = buildRegistry([], toStoreCredentials([storedKey('alice'), storedKey('bob')], []));
    const next = buildRegistry(
      [],
      toStoreCredentials([storedKey('alice'), storedKey('bob', { roles: ['writer'] })], []),
      first,
    );
    expect(next.findById('key:alice')).toBe(first.findById('key:alice'));
    expect(next.findById('key:bob')).not.toBe(first.findById('key:bob'));
  });

  it('lists everybody who is not revoked in order, with hint, expiry and source', () => {
    const file = readFileCredentials(
      { apiKeys: [keyEntry('zoe', { key: 'by-hand-password' })], agents: [agentEntry('bot')] },
      hashToken,
    );
    const store = toStoreCredentials(
      [
        storedKey('alice', { expiresAt: '2027-06-01T00:00:00.000Z' }),
        storedKey('gone', { revokedAt: '2027-01-01T00:00:00.000Z' }),
      ],
      [],
    );
    expect(buildRegistry(file, store).list()).toEqual([
      { id: 'agent:bot', kind: 'agent', roles: ['robot'], hint: 'smcp_agent_botx', source: 'file' },
      {
        id: 'key:alice',
        kind: 'key',
        roles: ['reader'],
        expiresAt: '2027-06-01T00:00:00.000Z',
        hint: 'smcp_key_abcd',
        source: 'store',
      },
      { id: 'key:zoe', kind: 'key', roles: ['reader'], hint: '', source: 'file' },
    ]);
  });
});

describe('refuseNameClash()', () => {
  const file = readFileCredentials({ apiKeys: [keyEntry('alice')], agents: [] }, hashToken);

  it('refuses a name that is in both', () => {
    expect(() => refuseNameClash(file, toStoreCredentials([storedKey('alice')], []))).toThrow(
      expect.objectContaining({ code: 'IDENTITY_NAME_TAKEN' }),
    );
  });

  it('lets the file take the name of a revoked entry, or of an agent', () => {
    const revoked = storedKey('alice', { revokedAt: '2027-01-01T00:00:00.000Z' });
    const agent = {
      ...storedKey('alice'),
      codeHash: 'sha256:',
      maxDelegationDepth: 0,
      allowedDelegators: [],
    };
    expect(() => refuseNameClash(file, toStoreCredentials([revoked], [agent]))).not.toThrow();
  });
});
