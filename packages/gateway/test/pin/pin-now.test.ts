import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { acceptHeld, identityOf, pinNow, unpin } from '../../src/pin/index.ts';
import { serverConfig } from '../fixtures/server-config.ts';
import { AT, openKeeperStage, PROMPTS, tool, type KeeperStage } from './keeper-stage.ts';

const LATER = '2026-08-02T00:00:00.000Z';
const CONFIG = serverConfig({ command: 'npx', args: ['files'] });

async function pin(stage: KeeperStage, tools: readonly JsonObject[], prompts: readonly JsonObject[] = []) {
  const byName = (items: readonly JsonObject[]) =>
    new Map(items.map((item) => [item['name'] as string, item]));
  return await pinNow(stage.store.pins, {
    server: 'files',
    identity: identityOf(CONFIG, '/srv', { name: 'files', version: '1.0.0' }),
    tools: byName(tools),
    prompts: byName(prompts),
    by: 'operator:dana',
    atIso: LATER,
  });
}

describe('pinNow()', () => {
  it('lets a server offer what it was pinned with, in the name of an operator', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    alice.pinning = { mode: 'operator' };
    alice.prompts = [{ name: 'ask' }];
    expect(await alice.offered()).toEqual([]);
    expect(await pin(stage, [tool('read')], alice.prompts)).toEqual({
      pinned: { tool: 1, prompt: 1 },
      left: [],
    });
    expect(await alice.offered()).toEqual(['read']);
    expect(await alice.offered(PROMPTS)).toEqual(['ask']);
    // What it has beyond that is new, and waits.
    expect(await stage.held()).toEqual(['tool write: new']);
    expect(await stage.store.pins.pins('files')).toMatchObject([
      { kind: 'prompt', acceptedBy: 'operator:dana' },
      { kind: 'tool', acceptedBy: 'operator:dana', acceptedAt: LATER },
    ]);
  });

  it('replaces everything that was pinned or held, and keeps since when it is known', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.tools = [tool('read', { title: 'other' })];
    await alice.offered();
    await pin(stage, [tool('read', { title: 'other' })]);
    expect(await stage.held()).toEqual([]);
    expect(await stage.store.pins.pins('files')).toMatchObject([
      { name: 'read', firstSeenAt: AT, acceptedAt: LATER },
    ]);
    expect(await stage.store.pins.server('files')).toMatchObject({
      firstSeenAt: AT,
      lists: ['tool', 'prompt'],
    });
    expect(await alice.offered()).toEqual(['read']);
  });

  it('leaves out what is over a bound, and says what (A14)', async () => {
    await using stage = await openKeeperStage();
    const { pinned, left } = await pin(stage, [tool('read'), tool('huge', { x: 'x'.repeat(300_000) })]);
    expect(pinned).toEqual({ tool: 1, prompt: 0 });
    expect(left).toMatchObject([{ kind: 'tool', name: 'huge', problem: 'too_large' }]);
  });

  it('counts as the server that it was pinned as, and as no other (A11)', async () => {
    await using stage = await openKeeperStage();
    await pin(stage, [tool('read'), tool('write')]);
    const other = stage.partition();
    other.settings = { args: ['files@2'] };
    expect(await other.offered()).toEqual([]);
    expect(await stage.partition().offered()).toEqual(['read', 'write']);
  });
});

describe('unpin()', () => {
  it('makes the next use the first', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.tools = [tool('read', { title: 'other' })];
    expect(await alice.offered()).toEqual([]);
    expect(await unpin(stage.store.pins, 'files')).toBe(true);
    expect(await stage.held()).toEqual([]);
    expect(await alice.offered()).toEqual(['read']);
  });

  it('forgets a server that waits to be pinned', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    alice.pinning = { mode: 'operator' };
    await alice.offered();
    expect(await unpin(stage.store.pins, 'files')).toBe(true);
    expect(await stage.held()).toEqual([]);
  });

  it('says that there was nothing', async () => {
    await using stage = await openKeeperStage();
    expect(await unpin(stage.store.pins, 'files')).toBe(false);
  });
});

describe('acceptHeld()', () => {
  it('takes over what is meant, just as it was seen, and nothing else', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.tools = [tool('read', { title: 'a' }), tool('write', { title: 'b' })];
    await alice.offered();
    const { accepted } = await stage.accept(({ name }) => name === 'read');
    expect(accepted).toMatchObject([{ kind: 'tool', name: 'read', reason: 'changed' }]);
    expect(await alice.offered()).toEqual(['read']);
    expect(await stage.held()).toEqual(['tool write: changed']);
    expect((await stage.store.pins.pins('files')).find(({ name }) => name === 'read')).toMatchObject({
      acceptedBy: 'operator:dana',
      firstSeenAt: AT,
    });
  });

  it('does not take over what the server shows since', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.tools = [tool('read', { title: 'looked at' })];
    await alice.offered();
    await stage.accept();
    alice.tools = [tool('read', { title: 'shown afterwards' })];
    expect(await alice.offered()).toEqual([]);
  });

  it('takes over nothing when nothing is meant or held', async () => {
    await using stage = await openKeeperStage();
    await stage.partition().offered();
    const version = (await stage.store.pins.server('files'))?.version;
    expect(await stage.accept()).toEqual({ accepted: [], impossible: [] });
    expect((await stage.store.pins.server('files'))?.version).toBe(version);
  });

  it('takes over no definition that is not the one of its digest', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.tools = [tool('read', { title: 'seen' })];
    await alice.offered();
    const forged = { ...stage.store.pins, heldDefinition: async () => '{"name":"read","title":"forged"}' };
    const accepting = acceptHeld(forged, { server: 'files', isMeant: () => true, by: 'x', atIso: AT });
    await expect(accepting).rejects.toThrow('again and again');
    expect(await stage.held()).toEqual(['tool read: changed']);
  });

  it('does not make a server that was only used one that an operator pinned', async () => {
    await using stage = await openKeeperStage();
    const alice = stage.partition();
    await alice.offered();
    alice.info = { name: 'other' };
    await alice.offered();
    await stage.accept();
    expect(await alice.offered()).toEqual(['read', 'write']);
    alice.pinning = { mode: 'operator' };
    expect(await alice.offered()).toEqual([]);
  });
});
