import type { SavedScript } from '@smcp/codemode';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/index.ts';
import type { StorePlace } from './store-suite.ts';

type NewScript = Omit<SavedScript, 'version' | 'state'>;

export const newScript = (name: string, more: Partial<NewScript> = {}): NewScript => ({
  tenant: 'acme',
  name,
  description: 'Counts issues',
  language: 'typescript',
  code: 'return 1',
  inputSchema: { type: 'object', properties: { owner: { type: 'string' } } },
  servers: ['github', 'jira'],
  digest: `sha256:${name}`,
  savedBy: 'key:alice',
  savedAt: 1_800_000_000_000,
  findings: [],
  ...more,
});

type Key = Pick<SavedScript, 'tenant' | 'name' | 'version'>;

const approve = (store: Store, key: Key) =>
  store.scripts.answer(key, { from: ['waiting'], to: 'approved', by: 'operator:root', at: 5 });

const settle = (store: Store, key: Key, to: 'rejected' | 'retired') =>
  store.scripts.answer(key, { from: ['waiting', 'approved'], to, by: 'operator:root', at: 6 });

const shown = (scripts: readonly SavedScript[]) =>
  scripts.map(({ name, version, state }) => `${name} ${version} ${state}`);

/** What every implementation of `ScriptTable` must do. */
export function scriptSuite(name: string, openPlace: () => Promise<StorePlace>): void {
  describe(`${name}: saved scripts`, () => {
    it('add() keeps every field and counts versions', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const full = newScript('a', {
        outputSchema: { type: 'object' },
        language: 'javascript',
        findings: ['code: "eval"'],
      });
      expect(await store.scripts.add(full)).toStrictEqual({ ...full, version: 1, state: 'waiting' });
      await store.scripts.add(newScript('a', { servers: [], language: 'python' }));
      await store.scripts.add(newScript('b'));
      await store.scripts.add(newScript('a', { tenant: 'other' }));
      expect(await store.scripts.versions('acme', 'a')).toStrictEqual([
        { ...newScript('a', { servers: [], language: 'python' }), version: 2, state: 'waiting' },
        { ...full, version: 1, state: 'waiting' },
      ]);
      expect(await store.scripts.versions('other', 'a')).toMatchObject([{ version: 1 }]);
      expect(await store.scripts.versions('acme', 'c')).toEqual([]);
    });

    it('add() gives every version a number of its own, whoever adds at the same time', async () => {
      await using place = await openPlace();
      await using one = await place.open();
      await using other = await place.open();
      const added = await Promise.all(
        [one, other, one, other].map((store) => store.scripts.add(newScript('a'))),
      );
      expect(added.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    });

    it('keeps hostile text as it is', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const odd = 'a\'";--\u2028\u0007\u0000💥';
      const script = newScript(odd, {
        tenant: odd,
        code: odd,
        description: odd,
        servers: [odd],
        findings: [odd],
        inputSchema: { [odd]: odd },
        savedBy: odd,
      });
      await store.scripts.add(script);
      expect(await store.scripts.versions(odd, odd)).toStrictEqual([
        { ...script, version: 1, state: 'waiting' },
      ]);
      for (const pattern of ['%', '_', "' OR 1=1 --"]) {
        expect(await store.scripts.versions(pattern, pattern)).toEqual([]);
      }
    });

    it('inForce() is the newest approved version, of that tenant and name alone', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      for (const code of ['1', '2', '3']) await store.scripts.add(newScript('a', { code }));
      await store.scripts.add(newScript('a', { tenant: 'other' }));
      const inForce = async (tenant = 'acme', script = 'a') =>
        (await store.scripts.inForce(tenant, script))?.version;
      expect(await inForce()).toBeUndefined();
      await approve(store, { tenant: 'acme', name: 'a', version: 2 });
      expect(await inForce()).toBe(2);
      await approve(store, { tenant: 'acme', name: 'a', version: 1 });
      expect(await inForce()).toBe(2);
      await approve(store, { tenant: 'acme', name: 'a', version: 3 });
      expect(await inForce()).toBe(3);
      await settle(store, { tenant: 'acme', name: 'a', version: 3 }, 'retired');
      expect(await inForce()).toBe(2);
      expect(await inForce('other')).toBeUndefined();
      expect(await inForce('acme', 'A')).toBeUndefined();
    });

    it('listInForce() gives one version per name, in the order of names', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      for (const each of ['b', 'a', 'c', 'a', 'a']) await store.scripts.add(newScript(each));
      for (const key of [
        { name: 'b', version: 1 },
        { name: 'a', version: 1 },
        { name: 'a', version: 2 },
      ]) {
        await approve(store, { tenant: 'acme', ...key });
      }
      expect(shown(await store.scripts.listInForce('acme'))).toEqual(['a 2 approved', 'b 1 approved']);
      expect(await store.scripts.listInForce('other')).toEqual([]);
    });

    it('list() gives everything, of one tenant or of all', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      for (const [tenant, script] of [
        ['b', 'x'],
        ['a', 'y'],
        ['a', 'x'],
        ['a', 'x'],
      ] as const) {
        await store.scripts.add(newScript(script, { tenant }));
      }
      await settle(store, { tenant: 'a', name: 'x', version: 1 }, 'rejected');
      expect(shown(await store.scripts.list('a'))).toEqual(['x 2 waiting', 'x 1 rejected', 'y 1 waiting']);
      expect((await store.scripts.list(undefined)).map(({ tenant }) => tenant)).toEqual(['a', 'a', 'a', 'b']);
      expect(await store.scripts.list('c')).toEqual([]);
    });

    it('answer() moves a version once, for all users', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      const key = { tenant: 'acme', name: 'a', version: 1 };
      await first.scripts.add(newScript('a'));
      expect(await approve(second, key)).toBe(true);
      expect(await approve(first, key)).toBe(false);
      expect(await first.scripts.inForce('acme', 'a')).toStrictEqual({
        ...newScript('a'),
        version: 1,
        state: 'approved',
        answeredBy: 'operator:root',
        answeredAt: 5,
      });
    });

    it.each([
      ['another version', { version: 2 }],
      ['another name', { name: 'b' }],
      ['another tenant', { tenant: 'other' }],
    ])('answer() does not move %s', async (_, change) => {
      await using place = await openPlace();
      await using store = await place.open();
      await store.scripts.add(newScript('a'));
      expect(await approve(store, { tenant: 'acme', name: 'a', version: 1, ...change })).toBe(false);
      expect(shown(await store.scripts.list('acme'))).toEqual(['a 1 waiting']);
    });

    it('answer() moves only out of the states that it names', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const key = { tenant: 'acme', name: 'a', version: 1 };
      await store.scripts.add(newScript('a'));
      const move = (from: readonly SavedScript['state'][], to: SavedScript['state']) =>
        store.scripts.answer(key, { from, to, by: 'operator:root', at: 1 });
      expect(await move([], 'approved')).toBe(false);
      expect(await move(['approved', 'rejected', 'retired'], 'approved')).toBe(false);
      expect(await move(['rejected', 'waiting'], 'rejected')).toBe(true);
      expect(await move(['waiting'], 'approved')).toBe(false);
      expect(await store.scripts.inForce('acme', 'a')).toBeUndefined();
    });

    it('count() counts names that stand and versions that wait', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      expect(await store.scripts.count('acme', 'key:alice')).toEqual({
        names: 0,
        waiting: 0,
        ownWaiting: 0,
      });
      for (const each of ['a', 'a', 'b', 'c', 'd']) await store.scripts.add(newScript(each));
      await store.scripts.add(newScript('e', { savedBy: 'key:bob' }));
      await store.scripts.add(newScript('f', { tenant: 'other' }));
      await approve(store, { tenant: 'acme', name: 'a', version: 1 });
      await settle(store, { tenant: 'acme', name: 'b', version: 1 }, 'rejected');
      await settle(store, { tenant: 'acme', name: 'c', version: 1 }, 'retired');
      expect(await store.scripts.count('acme', 'key:alice')).toEqual({
        names: 3,
        waiting: 3,
        ownWaiting: 2,
      });
      expect(await store.scripts.count('acme', 'key:bob')).toMatchObject({ ownWaiting: 1 });
    });

    it('prune() forgets the oldest that are rejected or retired, and no others', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      for (const [index, each] of ['a', 'b', 'c', 'd', 'e'].entries()) {
        await store.scripts.add(newScript(each, { savedAt: 100 - index }));
      }
      await store.scripts.add(newScript('a', { tenant: 'other' }));
      for (const each of ['a', 'b', 'c']) {
        await settle(
          store,
          { tenant: 'acme', name: each, version: 1 },
          each === 'b' ? 'retired' : 'rejected',
        );
      }
      await settle(store, { tenant: 'other', name: 'a', version: 1 }, 'rejected');
      await approve(store, { tenant: 'acme', name: 'd', version: 1 });
      await store.scripts.prune('acme', 3);
      expect(await store.scripts.list('acme')).toHaveLength(5);
      await store.scripts.prune('acme', 1);
      expect(shown(await store.scripts.list('acme'))).toEqual([
        'a 1 rejected',
        'd 1 approved',
        'e 1 waiting',
      ]);
      await store.scripts.prune('acme', 0);
      expect(shown(await store.scripts.list('acme'))).toEqual(['d 1 approved', 'e 1 waiting']);
      expect(await store.scripts.list('other')).toHaveLength(1);
    });
  });
}
