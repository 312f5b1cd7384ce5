import { describe, expect, it } from 'vitest';
import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createVault, VaultError, type Vault } from '../../src/credential/vault.ts';
import type { SecretTable } from '../../src/store/index.ts';

interface Row {
  readonly sealed: Uint8Array;
  readonly updatedAt: string;
}

function makeTable(rows = new Map<string, Row>()): SecretTable & { readonly rows: Map<string, Row> } {
  return {
    rows,
    list: async () => [...rows].map(([name, { updatedAt }]) => ({ name, updatedAt })),
    get: async (name) => rows.get(name)?.sealed,
    set: async (name, sealed, updatedAt) => void rows.set(name, { sealed, updatedAt }),
    delete: async (name) => rows.delete(name),
  };
}

const NOW = Date.parse('2026-08-01T00:00:00.000Z');

function makeVault(secrets: SecretTable = makeTable(), vaultKey = createSecretKey(randomBytes(32))): Vault {
  return createVault({ home: { vaultKey }, store: { secrets }, clock: () => NOW });
}

async function refusal(promise: Promise<unknown>): Promise<VaultError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof VaultError)) throw new Error('Expected a VaultError', { cause: error });
  return error;
}

describe('createVault()', () => {
  it.each(['x', 'correct horse battery staple', 'línea\nzwei\u0000💥', 'a'.repeat(64 * 1024)])(
    'gives back what was set',
    async (value) => {
      const vault = makeVault();
      await vault.set('token', value);
      expect(await vault.get('token')).toBe(value);
    },
  );

  it('replaces, lists and deletes', async () => {
    const vault = makeVault();
    await vault.set('token', 'one');
    await vault.set('token', 'two');
    expect(await vault.get('token')).toBe('two');
    expect(await vault.list()).toEqual([{ name: 'token', updatedAt: '2026-08-01T00:00:00.000Z' }]);
    expect(await vault.delete('token')).toBe(true);
    expect(await vault.delete('token')).toBe(false);
    expect(await vault.get('token')).toBeUndefined();
  });

  it('stores nothing readable, and never the same bytes twice', async () => {
    const table = makeTable();
    const vault = makeVault(table);
    await vault.set('token', 'correct horse');
    const first = Buffer.from(table.rows.get('token')?.sealed ?? []);
    await vault.set('token', 'correct horse');
    const second = Buffer.from(table.rows.get('token')?.sealed ?? []);
    expect(first.byteLength).toBe(1 + 12 + 'correct horse'.length + 16);
    expect(first.includes('correct')).toBe(false);
    expect(first.subarray(1, 13).equals(second.subarray(1, 13))).toBe(false);
    expect(first.subarray(13).equals(second.subarray(13))).toBe(false);
  });

  it('refuses values sealed with another key', async () => {
    const table = makeTable();
    await makeVault(table).set('token', 'correct horse');
    expect((await refusal(makeVault(table).get('token'))).code).toBe('VAULT_UNREADABLE');
  });

  it('refuses rows that changed places', async () => {
    const table = makeTable();
    const vault = makeVault(table);
    await vault.set('admin', 'strong');
    await vault.set('guest', 'weak');
    const admin = table.rows.get('admin')!;
    table.rows.set('admin', table.rows.get('guest')!);
    table.rows.set('guest', admin);
    expect((await refusal(vault.get('admin'))).code).toBe('VAULT_UNREADABLE');
    expect((await refusal(vault.get('guest'))).code).toBe('VAULT_UNREADABLE');
  });

  it('refuses a value with any byte changed', async () => {
    const table = makeTable();
    const vault = makeVault(table);
    await vault.set('token', 'abc');
    const good = Uint8Array.from(table.rows.get('token')?.sealed ?? []);
    for (let index = 0; index < good.byteLength; index++) {
      const sealed = Uint8Array.from(good);
      sealed[index] = (sealed[index] ?? 0) ^ 1;
      table.rows.set('token', { sealed, updatedAt: '' });
      expect((await refusal(vault.get('token'))).code).toBe('VAULT_UNREADABLE');
    }
  });

  it('refuses a value of any shorter or longer length', async () => {
    const table = makeTable();
    const vault = makeVault(table);
    await vault.set('token', 'abc');
    const good = Buffer.from(table.rows.get('token')?.sealed ?? []);
    for (let length = 0; length < good.byteLength; length++) {
      table.rows.set('token', { sealed: good.subarray(0, length), updatedAt: '' });
      expect((await refusal(vault.get('token'))).code).toBe('VAULT_UNREADABLE');
    }
    table.rows.set('token', { sealed: Buffer.concat([good, Buffer.of(0)]), updatedAt: '' });
    expect((await refusal(vault.get('token'))).code).toBe('VAULT_UNREADABLE');
  });

  it.each(['a', 'A1', '0', 'github.token_v2-x', 'a'.repeat(64)])('takes the name %j', async (name) => {
    const vault = makeVault();
    await vault.set(name, 'x');
    expect(await vault.get(name)).toBe('x');
  });

  it.each(['', '.a', '_a', '-a', 'a b', 'a/b', '../a', 'ä', 'a\n', 'a\u0000', 'a'.repeat(65), '__proto__'])(
    'refuses the name %j',
    async (name) => {
      const table = makeTable();
      const vault = makeVault(table);
      expect((await refusal(vault.set(name, 'x'))).code).toBe('VAULT_NAME_INVALID');
      expect(await vault.get(name)).toBeUndefined();
      expect(table.rows.size).toBe(0);
    },
  );

  it.each([
    ['empty', ''],
    ['one byte too long', 'a'.repeat(64 * 1024 + 1)],
    ['too long in UTF-8 only', 'é'.repeat(32 * 1024 + 1)],
    ['half a surrogate pair', 'secret\ud800'],
  ])('refuses a value that is %s, without quoting it', async (_, value) => {
    const table = makeTable();
    const error = await refusal(makeVault(table).set('token', value));
    expect(error.code).toBe('VAULT_VALUE_INVALID');
    expect(inspect(error)).not.toContain('aaaa');
    expect(table.rows.size).toBe(0);
  });
});
