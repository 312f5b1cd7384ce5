import { describe, expect, it } from 'vitest';
import { pinSuite } from './pin-suite.ts';
import { newScript, scriptSuite } from './script-suite.ts';
import type { AuditAnchor, NewApproval, Store, StoredAgent, StoredKey } from '../../src/store/index.ts';

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

const approval = (id: string, more: Partial<NewApproval> = {}): NewApproval => ({
  id,
  subject: `subject of ${id}`,
  tenant: 'default',
  principal: 'key:alice',
  delegation: [],
  server: 'slack',
  kind: 'tool',
  name: 'post_message',
  method: 'tools/call',
  digest: 'sha256:call',
  policy: 'sha256:policy',
  rule: 'roles.eng.ask[0]',
  shown: '{}',
  whole: true,
  createdAt: '2026-08-01T00:00:00.000Z',
  expiresAt: '2026-08-01T00:15:00.000Z',
  validSeconds: 300,
  answerers: ['caller', 'operator'],
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

  describe(`${name}: approvals`, () => {
    const AT = '2026-08-01T00:00:00.000Z';
    const ENDS = '2026-08-01T00:15:00.000Z';
    const JUST_BEFORE = '2026-08-01T00:14:59.999Z';
    const MANY = { maxPending: 100, maxPendingPerPrincipal: 100 };
    const approve = { status: 'approved', atIso: AT, by: 'operator:root', validUntilIso: ENDS } as const;

    it('add() keeps every field', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const odd = approval('apr-2', {
        shown: '\u0000"\'\u2028💥',
        delegation: ['a,b', '"'],
        answerers: ['caller'],
      });
      expect(await store.approvals.add(approval('apr-1'), MANY)).toBe(true);
      expect(await store.approvals.add({ ...odd, whole: false, kind: 'resource' }, MANY)).toBe(true);
      expect(await store.approvals.get('apr-1')).toStrictEqual({ ...approval('apr-1'), status: 'pending' });
      expect(await store.approvals.get('apr-2')).toStrictEqual({
        ...odd,
        whole: false,
        kind: 'resource',
        status: 'pending',
      });
      expect(await store.approvals.get('apr-')).toBeUndefined();
    });

    it('add() refuses a taken id', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.approvals.add(approval('apr-1'), MANY);
      const again = store.approvals.add(approval('apr-1', { subject: 'other' }), MANY);
      await expect(again).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    });

    it.each(['pending', 'approved', 'denied'] as const)(
      'add() adds nothing while one of its subject is %s',
      async (status) => {
        await using place = await openPlace();
        await using store = await place.open();
        await store.approvals.add(approval('apr-1'), MANY);
        if (status === 'approved') await store.approvals.answer('apr-1', approve);
        if (status === 'denied') await store.approvals.answer('apr-1', { status, atIso: AT, by: 'caller' });
        const twin = (createdAt: string) =>
          store.approvals.add(approval('apr-2', { subject: 'subject of apr-1', createdAt }), MANY);
        expect(await twin(JUST_BEFORE)).toBe(false);
        expect(await store.approvals.ifCurrent('subject of apr-1', JUST_BEFORE)).toMatchObject({
          id: 'apr-1',
          status,
        });
        expect(await store.approvals.ifCurrent('subject of apr-1', ENDS)).toBeUndefined();
        expect(await twin(ENDS)).toBe(true);
      },
    );

    it('add() counts what is pending, of a principal and in all', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const add = (id: string, more: Parameters<typeof approval>[1], bounds: Partial<typeof MANY>) =>
        store.approvals.add(approval(id, more), { ...MANY, ...bounds });
      expect(await add('apr-1', {}, { maxPendingPerPrincipal: 1 })).toBe(true);
      expect(await add('apr-2', {}, { maxPendingPerPrincipal: 1 })).toBe(false);
      expect(await add('apr-2', { principal: 'key:b' }, { maxPendingPerPrincipal: 1 })).toBe(true);
      expect(await add('apr-3', { tenant: 'b' }, { maxPendingPerPrincipal: 1 })).toBe(true);
      expect(await add('apr-4', { principal: 'key:c' }, { maxPending: 3 })).toBe(false);
      expect(await add('apr-4', { createdAt: ENDS, expiresAt: LATER }, { maxPendingPerPrincipal: 1 })).toBe(
        true,
      );
    });

    it('answer() succeeds once, and only before it expires', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      await first.approvals.add(approval('apr-1'), MANY);
      await first.approvals.add(approval('apr-2'), MANY);
      expect(await second.approvals.answer('apr-1', approve)).toBe(true);
      expect(await first.approvals.answer('apr-1', { status: 'denied', atIso: AT, by: 'caller' })).toBe(
        false,
      );
      expect(await first.approvals.get('apr-1')).toMatchObject({
        status: 'approved',
        answeredAt: AT,
        answeredBy: 'operator:root',
        validUntil: ENDS,
      });
      expect(await first.approvals.answer('apr-2', { ...approve, atIso: ENDS })).toBe(false);
      expect(await first.approvals.answer('apr-3', approve)).toBe(false);
    });

    it('use() succeeds once for all users, and only for its subject before it lapses', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      await first.approvals.add(approval('apr-1'), MANY);
      expect(await first.approvals.use('apr-1', 'subject of apr-1', AT)).toBe(false);
      await first.approvals.answer('apr-1', approve);
      expect(await first.approvals.use('apr-1', 'another', AT)).toBe(false);
      expect(await first.approvals.use('apr-2', 'subject of apr-1', AT)).toBe(false);
      expect(await first.approvals.use('apr-1', 'subject of apr-1', ENDS)).toBe(false);
      const uses = await Promise.all(
        [first, second, first].map((store) => store.approvals.use('apr-1', 'subject of apr-1', JUST_BEFORE)),
      );
      expect(uses.filter(Boolean)).toHaveLength(1);
      expect(await second.approvals.get('apr-1')).toMatchObject({ status: 'used', usedAt: JUST_BEFORE });
    });

    it('use() does not take a denied one', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.approvals.add(approval('apr-1'), MANY);
      await store.approvals.answer('apr-1', { status: 'denied', atIso: AT, by: 'caller' });
      expect(await store.approvals.use('apr-1', 'subject of apr-1', AT)).toBe(false);
    });

    it('list() and listPending() give the newest first, within a limit', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      for (const [id, second] of [
        ['apr-b', 1],
        ['apr-c', 3],
        ['apr-a', 2],
      ] as const) {
        await store.approvals.add(approval(id, { createdAt: `2026-08-01T00:00:0${second}.000Z` }), MANY);
      }
      await store.approvals.answer('apr-c', approve);
      const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);
      expect(ids(await store.approvals.list(10))).toEqual(['apr-c', 'apr-a', 'apr-b']);
      expect(ids(await store.approvals.list(1))).toEqual(['apr-c']);
      expect(ids(await store.approvals.listPending(10, AT))).toEqual(['apr-a', 'apr-b']);
      expect(ids(await store.approvals.listPending(1, AT))).toEqual(['apr-a']);
      expect(await store.approvals.listPending(10, ENDS)).toEqual([]);
    });

    it('prune() forgets old ones, and of those that are over all but the newest', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const add = (id: string, createdAt: string) => store.approvals.add(approval(id, { createdAt }), MANY);
      await add('apr-old', '2026-07-01T00:00:00.000Z');
      await add('apr-open', '2026-08-01T00:00:01.000Z');
      for (const second of [2, 3, 4]) {
        await add(`apr-${second}`, `2026-08-01T00:00:0${second}.000Z`);
        await store.approvals.answer(`apr-${second}`, approve);
        await store.approvals.use(`apr-${second}`, `subject of apr-${second}`, AT);
      }
      await store.approvals.prune('2026-07-15T00:00:00.000Z', 2, JUST_BEFORE);
      expect((await store.approvals.list(10)).map(({ id }) => id)).toEqual(['apr-4', 'apr-3', 'apr-open']);
    });
  });

  pinSuite(name, openPlace);
  scriptSuite(name, openPlace);

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
      ['a script is saved', (store) => store.scripts.add(newScript('count_issues'))],
    ];
    const quiet: [string, (store: Store) => Promise<unknown>][] = [
      ['an anchor is put', (store) => store.audit.put(anchor())],
      [
        'an approval is asked for',
        (store) => store.approvals.add(approval('apr-1'), { maxPending: 9, maxPendingPerPrincipal: 9 }),
      ],
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
