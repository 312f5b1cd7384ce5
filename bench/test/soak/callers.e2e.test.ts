import { describe, expect, it } from 'vitest';
import { Workspace } from '../../lifetime/workspace.ts';
import { CallFailed } from '../../soak/client/caller.ts';
import { openRawCaller } from '../../soak/client/raw-caller.ts';
import { openV1Caller } from '../../soak/client/v1-caller.ts';
import { openV2Caller } from '../../soak/client/v2-caller.ts';
import { startUpstream } from '../../soak/upstream/upstreams.ts';

const CASES = [
  ['v1', openV1Caller, 'http-legacy'],
  ['v2', openV2Caller, 'http-legacy'],
  ['v2', openV2Caller, 'http-modern'],
  ['raw', openRawCaller, 'http-modern'],
] as const;

describe.each(CASES)('a %s caller', (_kind, open, upstreamKind) => {
  it(`calls the counting server over ${upstreamKind}, fails by a tool that it has not, and vanishes in a call`, async () => {
    await using workspace = new Workspace();
    const upstream = await startUpstream(workspace, upstreamKind);
    if (!('url' in upstream.spec)) throw new Error('It is no HTTP server');
    const address = { url: upstream.spec.url, key: 'none' };

    const caller = await open(address);
    await caller.call('count', { tag: 'first', delayMs: 0 });
    await expect(caller.call('nothing', { tag: 'other', delayMs: 0 })).rejects.toThrow(CallFailed);
    await caller.end();
    expect(upstream.executed()).toEqual(['first']);

    const vanishing = await open(address);
    const failed = vanishing
      .call('count', { tag: 'second', delayMs: 60_000 })
      .catch((error: unknown) => error);
    await expect.poll(() => upstream.executed()).toEqual(['first', 'second']);
    await vanishing.vanish();
    expect(await failed).toBeInstanceOf(CallFailed);
  });
});

describe('startUpstream()', () => {
  it('gives a server that is killed and comes back at the same address, with what it wrote down', async () => {
    await using workspace = new Workspace();
    const upstream = await startUpstream(workspace, 'http-modern');
    if (!('url' in upstream.spec)) throw new Error('It is no HTTP server');
    const address = { url: upstream.spec.url, key: 'none' };
    await (await openRawCaller(address)).call('count', { tag: 'before', delayMs: 0 });
    await upstream.kill();
    await expect(
      (await openRawCaller(address)).call('count', { tag: 'between', delayMs: 0 }),
    ).rejects.toThrow(expect.objectContaining({ kind: 'ECONNREFUSED' }));
    await upstream.restart();
    await (await openRawCaller(address)).call('count', { tag: 'after', delayMs: 0 });
    expect(upstream.executed()).toEqual(['before', 'after']);
  });

  it('has no process of a stdio server to kill before somebody started one', async () => {
    await using workspace = new Workspace();
    const upstream = await startUpstream(workspace, 'stdio');
    await upstream.kill();
    await upstream.restart();
    expect(upstream.executed()).toEqual([]);
  });
});
