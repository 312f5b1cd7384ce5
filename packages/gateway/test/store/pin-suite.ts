import { describe, expect, it } from 'vitest';
import type { HeldChange, Pin, PinChange, Store, WithDefinition } from '../../src/store/index.ts';
import type { StorePlace } from './store-suite.ts';

const FIRST = '2026-08-01T00:00:00.000Z';
const LATER = '2026-08-02T00:00:00.000Z';

const identity = (
  more: Partial<NonNullable<PinChange['identity']>> = {},
): PinChange['identity'] & object => ({
  identity: '{"name":"files"}',
  lists: ['tool'],
  firstSeenAt: FIRST,
  ...more,
});

const pin = (name: string, more: Partial<WithDefinition<Pin>> = {}): WithDefinition<Omit<Pin, 'server'>> => ({
  kind: 'tool',
  name,
  digest: `sha256:${name}`,
  definition: `{"name":"${name}"}`,
  firstSeenAt: FIRST,
  ...more,
});

const held = (name: string, more: Partial<HeldChange> = {}): WithDefinition<Omit<HeldChange, 'server'>> => ({
  kind: 'tool',
  name,
  reason: 'changed',
  pinnedDigest: `sha256:${name}`,
  seenDigest: `sha256:${name}2`,
  definition: `{"name":"${name}","title":"2"}`,
  seenAt: LATER,
  ...more,
});

function withoutDefinition(entry: WithDefinition<Omit<HeldChange, 'server'>>): HeldChange {
  const { definition: _, ...rest } = entry;
  return { server: 'files', ...rest };
}

/** What every implementation of `PinTable` must do. */
export function pinSuite(name: string, openPlace: () => Promise<StorePlace>): void {
  /** Writes on whatever is there. */
  async function write(store: Store, server: string, change: Omit<PinChange, 'basis'>): Promise<number> {
    const basis = (await store.pins.server(server))?.version ?? 0;
    const version = await store.pins.write(server, { basis, ...change });
    if (version === undefined) throw new Error('The version was outdated');
    return version;
  }

  describe(`${name}: pins`, () => {
    it('write() keeps every field, and gives the version', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const by = { acceptedAt: LATER, acceptedBy: 'operator:dana' };
      const whole = identity({ lists: ['tool', 'prompt'], ...by });
      const { pinnedDigest: _, ...fresh } = held('new', { reason: 'new' });
      const version = await write(store, 'files', {
        identity: whole,
        pins: [pin('read'), pin('ask', { kind: 'prompt', ...by })],
        hold: [held('write'), fresh],
      });
      expect(version).toBeGreaterThan(0);
      expect(await store.pins.server('files')).toStrictEqual({ server: 'files', version, ...whole });
      expect(await store.pins.servers()).toStrictEqual([{ server: 'files', version, ...whole }]);
      expect(await store.pins.pins('files')).toStrictEqual([
        { server: 'files', kind: 'prompt', name: 'ask', digest: 'sha256:ask', firstSeenAt: FIRST, ...by },
        { server: 'files', kind: 'tool', name: 'read', digest: 'sha256:read', firstSeenAt: FIRST },
      ]);
      expect(await store.pins.held('files')).toStrictEqual([
        withoutDefinition(fresh),
        withoutDefinition(held('write')),
      ]);
      expect(await store.pins.pinnedDefinition('files', { kind: 'tool', name: 'read' })).toBe(
        '{"name":"read"}',
      );
      expect(await store.pins.heldDefinition('files', { kind: 'tool', name: 'write' })).toBe(
        '{"name":"write","title":"2"}',
      );
    });

    it('knows no other server, kind or name', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await write(store, 'files', { identity: identity(), pins: [pin('read')], hold: [held('read')] });
      expect(await store.pins.server('Files')).toBeUndefined();
      expect(await store.pins.pins('file_')).toEqual([]);
      expect(await store.pins.held('%')).toEqual([]);
      for (const key of [
        { kind: 'prompt', name: 'read' },
        { kind: 'tool', name: 'READ' },
        { kind: 'tool', name: 'read ' },
        { kind: 'server', name: 'read' },
      ] as const) {
        expect(await store.pins.pinnedDefinition('files', key)).toBeUndefined();
        expect(await store.pins.heldDefinition('files', key)).toBeUndefined();
      }
    });

    it('write() refuses what was planned on an older version, and changes nothing then', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      const version = await write(first, 'files', { identity: identity(), pins: [pin('read')] });
      expect(await second.pins.write('files', { basis: 0, pins: [pin('evil')] })).toBeUndefined();
      expect(
        await second.pins.write('files', { basis: version + 1, hold: [held('evil')], reset: true }),
      ).toBeUndefined();
      expect(await first.pins.pins('files')).toHaveLength(1);
      expect(await first.pins.held()).toEqual([]);
      expect(await second.pins.write('files', { basis: version, pins: [pin('write')] })).toBeGreaterThan(
        version,
      );
      expect(await first.pins.write('files', { basis: version, pins: [pin('late')] })).toBeUndefined();
    });

    it('write() is for one alone when two see a server first', async () => {
      await using place = await openPlace();
      await using first = await place.open();
      await using second = await place.open();
      const versions = await Promise.all(
        [first, second].map(
          async (store, index) =>
            await store.pins.write('files', { basis: 0, identity: identity(), pins: [pin(`tool-${index}`)] }),
        ),
      );
      expect(versions.filter((version) => version === undefined)).toHaveLength(1);
      expect(await first.pins.pins('files')).toHaveLength(1);
    });

    it('write() does all of it or nothing', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      // There is no server for this pin.
      const lost = store.pins.write('files', { basis: 0, hold: [held('a')], pins: [pin('a')] });
      await expect(lost).rejects.toMatchObject({ name: 'StoreError' });
      expect(await store.pins.held()).toEqual([]);
      expect(await store.pins.pins('files')).toEqual([]);
      await write(store, 'files', { identity: identity(), pins: [pin('a')] });
      expect(await store.pins.pins('files')).toHaveLength(1);
    });

    it('write() replaces a pin, and keeps when it was first seen', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await write(store, 'files', { identity: identity(), pins: [pin('read')] });
      const next = pin('read', {
        digest: 'sha256:x',
        definition: '{}',
        firstSeenAt: LATER,
        acceptedBy: 'rule:title',
      });
      await write(store, 'files', { pins: [{ ...next, acceptedAt: LATER }] });
      expect(await store.pins.pins('files')).toMatchObject([
        { digest: 'sha256:x', firstSeenAt: FIRST, acceptedAt: LATER, acceptedBy: 'rule:title' },
      ]);
      expect(await store.pins.pinnedDefinition('files', { kind: 'tool', name: 'read' })).toBe('{}');
    });

    it('write() replaces what is held, and releases it', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await write(store, 'files', { hold: [held('read'), held('write')] });
      await write(store, 'files', { hold: [held('read', { seenDigest: 'sha256:3', reason: 'too_large' })] });
      expect(await store.pins.held()).toMatchObject([
        { name: 'read', seenDigest: 'sha256:3', reason: 'too_large' },
        { name: 'write' },
      ]);
      expect(await store.pins.countHeld()).toBe(2);
      await write(store, 'files', {
        release: [
          { kind: 'tool', name: 'read' },
          { kind: 'prompt', name: 'write' },
          { kind: 'tool', name: 'nothing' },
        ],
      });
      expect((await store.pins.held()).map(({ name }) => name)).toEqual(['write']);
    });

    it('write() with reset leaves nothing of the server but what it brings', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await write(store, 'other', { identity: identity(), pins: [pin('a')], hold: [held('a')] });
      await write(store, 'files', {
        identity: identity(),
        pins: [pin('a'), pin('b'), pin('b', { kind: 'prompt' })],
        hold: [held('c')],
      });
      await write(store, 'files', {
        reset: true,
        identity: identity({ firstSeenAt: LATER, acceptedAt: LATER, acceptedBy: 'operator:dana' }),
        pins: [pin('b', { firstSeenAt: LATER }), pin('d')],
      });
      expect((await store.pins.pins('files')).map((one) => [one.kind, one.name, one.firstSeenAt])).toEqual([
        ['tool', 'b', FIRST],
        ['tool', 'd', FIRST],
      ]);
      expect(await store.pins.held('files')).toEqual([]);
      expect(await store.pins.server('files')).toMatchObject({
        firstSeenAt: FIRST,
        acceptedBy: 'operator:dana',
      });
      await write(store, 'files', { reset: true });
      expect(await store.pins.server('files')).toBeUndefined();
      expect((await store.pins.servers()).map(({ server }) => server)).toEqual(['other']);
      expect(await store.pins.held('other')).toHaveLength(1);
    });

    it('never gives a version twice, not even after a server was forgotten', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const versions: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        versions.push(await write(store, 'files', { identity: identity(), pins: [pin('a')] }));
        versions.push(await write(store, 'files', { pins: [pin('b')] }));
        await write(store, 'files', { reset: true });
      }
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    });

    it('grows the revision when pins change, and not when something is held', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      await using reader = await place.open();
      let before = await reader.revision();
      for (const change of [
        { identity: identity(), pins: [pin('a')] },
        { pins: [pin('b')] },
        { identity: identity({ identity: '{}' }) },
        { reset: true },
      ]) {
        await write(store, 'files', change);
        expect(await reader.revision()).toBeGreaterThan(before);
        before = await reader.revision();
      }
      await write(store, 'files', { hold: [held('a')] });
      await write(store, 'files', { release: [{ kind: 'tool', name: 'a' }] });
      expect(await reader.revision()).toBe(before);
    });

    it('keeps hostile text as it is', async () => {
      await using place = await openPlace();
      await using store = await place.open();
      const odd = 'a\'";--\u2028\u0007\u202e💥';
      const definition = JSON.stringify({ name: odd, __proto__: 1 });
      await write(store, odd, { identity: identity(), pins: [pin(odd, { definition })], hold: [held(odd)] });
      expect(await store.pins.pins(odd)).toMatchObject([{ server: odd, name: odd }]);
      expect(await store.pins.pinnedDefinition(odd, { kind: 'tool', name: odd })).toBe(definition);
      expect(await store.pins.held(odd)).toMatchObject([{ server: odd, name: odd }]);
    });
  });
}
