import { describe, expect, it } from 'vitest';
import { PROMPTS, RESOURCES, TOOLS } from '../../src/catalog/index.ts';
import { UpstreamError } from '../../src/upstream/index.ts';
import { SingleView } from '../../src/view/index.ts';
import { CALLER, fakeEntry, gateThat, type FakeEntry } from './make-view.ts';

function single({ entry }: FakeEntry, gate = gateThat()): SingleView {
  return new SingleView(gate, Object.assign(entry, { name: 'files' }));
}

describe('SingleView', () => {
  it('lists names as the server gives them, and only what the caller may use', async () => {
    const view = single(
      fakeEntry({ tools: [{ name: 'open' }, { name: 'secret' }], resources: [{ uri: 'x://1' }] }),
      gateThat({ shows: (name) => name !== 'secret' }),
    );
    expect((await view.list(TOOLS, CALLER)).items).toEqual([{ name: 'open' }]);
    expect((await view.list(RESOURCES, CALLER)).items).toEqual([{ uri: 'x://1' }]);
    expect((await view.list(PROMPTS, CALLER)).items).toEqual([]);
  });

  it.each(['open', 'anything', '', 'files_open'])('sends the name %j on as it is', async (name) => {
    expect(await single(fakeEntry({})).resolve(TOOLS, name)).toEqual({ server: 'files', name });
  });

  it('exists only for who may do something there', () => {
    const view = single(fakeEntry({}), gateThat({ reaches: (server) => server !== 'files' }));
    expect(view.isOpenTo(CALLER.principal)).toBe(false);
    expect(single(fakeEntry({})).isOpenTo(CALLER.principal)).toBe(true);
  });

  it('describes the server with what the gateway can serve of it', async () => {
    const view = single(fakeEntry({ tools: [], completions: [], experimental: [] }, { instructions: 'Hi' }));
    expect(await view.describe(CALLER)).toEqual({
      capabilities: { tools: { listChanged: true }, completions: {} },
      serverInfo: {},
      instructions: 'Hi',
      isWhole: true,
    });
  });

  it('says what is missing when the server wants the caller’s own credential', async () => {
    const view = single(fakeEntry({}, { refused: 'needs your own credential' }));
    await expect(view.describe(CALLER)).rejects.toThrow(UpstreamError);
    await expect(view.list(TOOLS, CALLER)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'needs your own credential',
    });
  });

  it('is as fresh as its server says', async () => {
    expect((await single(fakeEntry({ tools: [] }, { ttlMs: 5000 })).list(TOOLS, CALLER)).ttlMs).toBe(5000);
    expect((await single(fakeEntry({ tools: [] })).list(TOOLS, CALLER)).ttlMs).toBe(0);
  });

  it('has a fingerprint of what a caller may see, once it is known', async () => {
    const shows = new Set(['open', 'close']);
    const view = single(
      fakeEntry({ tools: [{ name: 'open' }, { name: 'close' }] }),
      gateThat({ shows: (name) => shows.has(name) }),
    );
    expect(view.fingerprint(TOOLS, CALLER)).toBeUndefined();
    await view.list(TOOLS, CALLER);
    const before = view.fingerprint(TOOLS, CALLER);
    shows.delete('close');
    const after = view.fingerprint(TOOLS, CALLER);
    expect([before, after].every((text) => typeof text === 'string')).toBe(true);
    expect(after).not.toBe(before);
  });

  it('has no fingerprint for a caller whose credential is missing', () => {
    expect(single(fakeEntry({}, { refused: 'no' })).fingerprint(TOOLS, CALLER)).toBeUndefined();
  });
});
