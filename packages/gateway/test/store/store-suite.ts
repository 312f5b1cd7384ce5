import { describe, expect, it } from 'vitest';
import type { AuditAnchor, Store, StoredAgent, StoredKey } from '../../src/store/index.ts';

/** One place that holds state, empty at first; every `open` is a further, independent user of it. */
export interface StorePlace extends AsyncDisposable {
  open(): Promise<Store>;
}

const key = (name: string, more: Partial<StoredKey> = {}): StoredKey => ({
  name,
  hash: `hash of ${name}`,
  hint: 'smcp_key_abcd',
  roles: ['intern', 'on-call'],
  createdAt: '2026-08-01T00:00:00.000Z',
  ...more,
});

const agent = (name: string, more: Partial<StoredAgent> = {}): StoredAgent => ({
  ...key(name),
  codeHash: `sha256:${'a'.repeat(64)}`,
  maxDelegationDepth: 2,
  allowedDelegators: ['key:alice'],
  ...more,
});

const anchor = (more: Partial<AuditAnchor> = {}): AuditAnchor => ({
  writer: 'gateway',
  sequence: 10,
  hash: 'h10',
  prunedSequence: 0,
  prunedHash: 'h0',
  ...more,
});

const LATER = '2026-08-02T00:00:00.000Z';

/** What every implementation of `Store` must do. */
export function storeSuite(name: string, openPlace: () => Promise<StorePlace>): void {
  describe(`${name}: keys`, () => {
    it('create() keeps every field', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const full = key('full', { expiresAt: LATER, publicKey: 'x' });
      await store.keys.create(full);
      await store.keys.create(key('bare', { roles: [] }));
      expect(await store.keys.get('full')).toStrictEqual(full);
      expect(await store.keys.get('bare')).toStrictEqual(key('bare', { roles: [] }));
    });

    it('get() knows no other name, spelling or pattern', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.keys.create(key('alice'));
      for (const other of ['bob', 'Alice', 'alice ', '%', '', "' OR 1=1 --"]) {
        expect(await store.keys.get(other)).toBeUndefined();
      }
    });

    it('list() is in the order of names', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      expect(await store.keys.list()).toEqual([]);
      for (const each of ['b', 'c', 'a']) await store.keys.create(key(each));
      expect((await store.keys.list()).map((entry) => entry.name)).toEqual(['a', 'b', 'c']);
    });

    it('create() refuses a taken name and changes nothing', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.keys.create(key('alice'));
      const again = store.keys.create(key('alice', { hash: 'another', roles: ['admin'] }));
      await expect(again).rejects.toMatchObject({ name: 'StoreError', code: 'STORE_CONFLICT' });
      expect(await store.keys.list()).toStrictEqual([key('alice')]);
    });

    it('create() refuses a second entry with the same hash', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.keys.create(key('alice'));
      const twin = store.keys.create(key('bob', { hash: key('alice').hash }));
      await expect(twin).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    it('revoke() marks once, stays listed and keeps the name taken', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.keys.create(key('alice'));
      expect(await store.keys.revoke('alice', LATER)).toBe(true);
      expect(await store.keys.revoke('alice', '2030-01-01T00:00:00.000Z')).toBe(false);
      expect(await store.keys.revoke('nobody', LATER)).toBe(false);
      expect(await store.keys.list()).toStrictEqual([key('alice', { revokedAt: LATER })]);
      await expect(store.keys.create(key('alice', { hash: 'new' }))).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
    });

    it('keeps hostile text as it is', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const odd = key('a\'";--\u2028\u0007', { roles: ['"', '\\', '\n', '💥'] });
      await store.keys.create(odd);
      expect(await store.keys.get(odd.name)).toStrictEqual(odd);
    });
  });

  describe(`${name}: agents`, () => {
    it('create() keeps every field, apart from keys', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const full = agent('bot', {
        expiresAt: LATER,
        publicKey: 'x',
        maxDelegationDepth: 0,
        allowedDelegators: [],
      });
      await store.agents.create(full);
      expect(await store.agents.list()).toStrictEqual([full]);
      expect(await store.keys.get('bot')).toBeUndefined();
    });

    it('create() refuses a taken name', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.agents.create(agent('bot'));
      await expect(store.agents.create(agent('bot', { hash: 'x' }))).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
    });

    it('revoke() marks once', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.agents.create(agent('bot'));
      expect(await store.agents.revoke('bot', LATER)).toBe(true);
      expect(await store.agents.revoke('bot', LATER)).toBe(false);
      expect(await store.agents.get('bot')).toStrictEqual(agent('bot', { revokedAt: LATER }));
    });
  });

  describe(`${name}: secrets`, () => {
    it('set() keeps bytes and replaces them', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.secrets.set('a', Uint8Array.of(1), '2026-08-01T00:00:00.000Z');
      await store.secrets.set('a', bytes, LATER);
      expect(Buffer.from((await store.secrets.get('a')) ?? []).equals(bytes)).toBe(true);
      expect(await store.secrets.list()).toStrictEqual([{ name: 'a', updatedAt: LATER }]);
    });

    it('delete() tells whether there was one', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.secrets.set('a', Uint8Array.of(1), LATER);
      expect(await store.secrets.delete('a')).toBe(true);
      expect(await store.secrets.delete('a')).toBe(false);
      expect(await store.secrets.get('a')).toBeUndefined();
    });
  });

  describe(`${name}: audit anchors`, () => {
    it('put() keeps one per writer and moves it on', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      expect(await store.audit.get('gateway')).toBeUndefined();
      await store.audit.put(anchor());
      await store.audit.put(anchor({ writer: 'cli' }));
      await store.audit.put(anchor({ sequence: 11, hash: 'h11', prunedSequence: 5, prunedHash: 'h5' }));
      expect(await store.audit.get('gateway')).toStrictEqual(
        anchor({ sequence: 11, hash: 'h11', prunedSequence: 5, prunedHash: 'h5' }),
      );
      expect((await store.audit.list()).map((each) => each.writer)).toEqual(['cli', 'gateway']);
    });

    it.each([
      ['sequence', { sequence: 9 }],
      ['pruned position', { sequence: 12, prunedSequence: 2 }],
    ])('put() ignores an anchor that moves the %s back', async (_, change) => {
      await using place = await openPlace();
      await using store = await place.open();
      const kept = anchor({ prunedSequence: 3, prunedHash: 'h3' });
      await store.audit.put(kept);
      await store.audit.put(anchor({ prunedSequence: 3, ...change, hash: 'forged' }));
      expect(await store.audit.get('gateway')).toStrictEqual(kept);
    });
  });

  describe(`${name}: meta`, () => {
    it('ensureMeta() sets once and gives what is stored', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      expect(await store.getMeta('id')).toBeUndefined();
      expect(await store.ensureMeta('id', 'one')).toBe('one');
      expect(await store.ensureMeta('id', 'two')).toBe('one');
      expect(await store.getMeta('id')).toBe('one');
    });

    it('ensureMeta() lets users at the same time agree', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      const values = await Promise.all([first.ensureMeta('id', 'one'), second.ensureMeta('id', 'two')]);
      expect(new Set(values).size).toBe(1);
    });
  });

  describe(`${name}: revision`, () => {
    const changes: [string, (store: Store) => Promise<unknown>][] = [
      ['a key is created', (store) => store.keys.create(key('new'))],
      ['a key is revoked', (store) => store.keys.revoke('alice', LATER)],
      ['an agent is created', (store) => store.agents.create(agent('new'))],
      ['an agent is revoked', (store) => store.agents.revoke('bot', LATER)],
      ['a secret is set', (store) => store.secrets.set('new', Uint8Array.of(1), LATER)],
      ['a secret is replaced', (store) => store.secrets.set('token', Uint8Array.of(2), LATER)],
      ['a secret is deleted', (store) => store.secrets.delete('token')],
    ];
    const quiet: [string, (store: Store) => Promise<unknown>][] = [
      ['an anchor is put', (store) => store.audit.put(anchor())],
      ['meta is set', (store) => store.ensureMeta('id', 'one')],
      ['nobody is revoked', (store) => store.keys.revoke('nobody', LATER)],
      ['nothing is deleted', (store) => store.secrets.delete('nothing')],
      ['a conflict is refused', (store) => store.keys.create(key('alice')).catch(() => undefined)],
    ];

    async function revisions(
      place: StorePlace,
      change: (store: Store) => Promise<unknown>,
    ): Promise<number[][]> {
      await using writer = await place.open();
      await using reader = await place.open();
      await writer.keys.create(key('alice'));
      await writer.agents.create(agent('bot'));
      await writer.secrets.set('token', Uint8Array.of(1), LATER);
      const before = [await writer.revision(), await reader.revision()];
      await change(writer);
      return [before, [await writer.revision(), await reader.revision()]];
    }

    it.each(changes)('grows for this user and every other when %s', async (_, change) => {
      await using place = await openPlace();
      const [before = [], after = []] = await revisions(place, change);
      expect(after[0]).toBeGreaterThan(before[0] ?? Infinity);
      expect(after[1]).toBe(after[0]);
    });

    it.each(quiet)('stays when %s', async (_, change) => {
      await using place = await openPlace();
      const [before, after] = await revisions(place, change);
      expect(after).toEqual(before);
    });
  });

  describe(`${name}: lifetime`, () => {
    it('keeps everything when opened again', async () => {
      await using place = await openPlace();
      let revision: number;
      {
        await using store = await place.open();
        await store.keys.create(key('alice'));
        revision = await store.revision();
      }
      await using store = await place.open();
      expect(await store.keys.list()).toStrictEqual([key('alice')]);
      expect(await store.revision()).toBe(revision);
    });

    it('refuses use after it was closed, and may be closed twice', async () => {
      await using place = await openPlace();
      const store = await place.open();
      await store[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await expect(store.keys.list()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.revision()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(store.secrets.set('a', Uint8Array.of(1), LATER)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
    });
  });
}
