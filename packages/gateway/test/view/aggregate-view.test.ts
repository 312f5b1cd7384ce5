import { describe, expect, it, vi } from 'vitest';
import { PROMPTS, RESOURCES, TEMPLATES, TOOLS } from '../../src/catalog/index.ts';
import { aggregate, CALLER, fakeEntry, gateThat } from './make-view.ts';

const NEVER = new Promise<void>(() => undefined);
const tools = (...names: string[]) => ({ tools: names.map((name) => ({ name })) });

describe('AggregateView#list()', () => {
  it('joins servers in their order under prefixed names, and changes nothing else', async () => {
    const { view } = aggregate({
      b: fakeEntry({ tools: [{ name: 'x', title: 'X', _meta: 'm' }] }),
      a: fakeEntry(tools('y')),
    });
    expect((await view.list(TOOLS, CALLER)).items).toEqual([
      { name: 'b_x', title: 'X', _meta: 'm' },
      { name: 'a_y' },
    ]);
  });

  it('holds only what the caller may use', async () => {
    const gate = gateThat({ shows: (name) => name !== 'secret' });
    const { view } = aggregate({ a: fakeEntry(tools('open', 'secret')) }, gate);
    expect((await view.list(TOOLS, CALLER)).items).toEqual([{ name: 'a_open' }]);
  });

  it('asks nothing of a server at which the caller may do nothing', async () => {
    const closed = fakeEntry(tools('x'));
    const { view } = aggregate({ closed, a: fakeEntry(tools('y')) }, gateThat({ reaches: (s) => s === 'a' }));
    expect((await view.list(TOOLS, CALLER)).items).toEqual([{ name: 'a_y' }]);
    expect([closed.upstream.describes, closed.upstream.asked]).toEqual([0, []]);
  });

  it('leaves out a server that fails, and one that wants a credential', async () => {
    const down = fakeEntry(tools('x'), { until: Promise.reject(new Error('down')) });
    const { view } = aggregate({
      down,
      closed: fakeEntry(tools('z'), { refused: 'needs your own credential' }),
      a: fakeEntry(tools('y')),
    });
    expect((await view.list(TOOLS, CALLER)).items).toEqual([{ name: 'a_y' }]);
  });

  it('leaves out a slow server after ten seconds, and announces it once when it has come', async () => {
    vi.useFakeTimers();
    try {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { view, late } = aggregate({
        slow: fakeEntry(tools('x'), { until: promise }),
        a: fakeEntry(tools('y')),
      });
      const lists = [view.list(TOOLS, CALLER), view.list(TOOLS, CALLER), view.list(TOOLS, CALLER)];
      await vi.advanceTimersByTimeAsync(9999);
      expect(late).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(await Promise.all(lists)).toEqual(lists.map(() => ({ items: [{ name: 'a_y' }], ttlMs: 0 })));
      resolve();
      await vi.advanceTimersByTimeAsync(1);
      expect(late).toEqual(['slow tools/list']);
      expect((await view.list(TOOLS, CALLER)).items).toEqual([{ name: 'slow_x' }, { name: 'a_y' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('shows resources by their URIs; of two with the same, the second under its server', async () => {
    const same = { resources: [{ uri: 'x://1' }] };
    const { view } = aggregate({ a: fakeEntry(same), b: fakeEntry(same) });
    expect((await view.list(RESOURCES, CALLER)).items).toEqual([{ uri: 'x://1' }, { uri: 'smcp://b/x://1' }]);
  });
});

describe('AggregateView#resolve()', () => {
  it('finds the server and its own name of a tool and of a prompt', async () => {
    const { view } = aggregate({
      a: fakeEntry({ ...tools('b_c'), prompts: [{ name: 'p' }] }),
      a_b: fakeEntry(tools('c')),
    });
    expect(await view.resolve(TOOLS, 'a_b_c', CALLER)).toEqual({ server: 'a', name: 'b_c' });
    expect(await view.resolve(TOOLS, 'a_b_c_2', CALLER)).toEqual({ server: 'a_b', name: 'c' });
    expect(await view.resolve(PROMPTS, 'a_p', CALLER)).toEqual({ server: 'a', name: 'p' });
  });

  it.each(['b_c', 'a', 'a_', 'a_x', 'A_b_c', 'a_b_c ', '__proto__', 'constructor', 'a:b_c', 'a/b_c'])(
    'knows no tool %j',
    async (name) => {
      const { view } = aggregate({ a: fakeEntry(tools('b_c')) });
      expect(await view.resolve(TOOLS, name, CALLER)).toBeUndefined();
    },
  );

  it('does not let a call wait for a server that it does not concern', async () => {
    const a = fakeEntry(tools('x'));
    const { view } = aggregate({ stuck: fakeEntry(tools('y'), { until: NEVER }), a });
    await a.catalog.get(TOOLS, a.upstream);
    expect(await view.resolve(TOOLS, 'a_x', CALLER)).toEqual({ server: 'a', name: 'x' });
  });

  it('waits for a server that could claim the name', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const longer = fakeEntry(tools('c'));
    const { view } = aggregate({ a: fakeEntry(tools('b_c'), { until: promise }), a_b: longer });
    await longer.catalog.get(TOOLS, longer.upstream);
    const asked = view.resolve(TOOLS, 'a_b_c', CALLER);
    resolve();
    expect(await asked).toEqual({ server: 'a', name: 'b_c' });
  });

  it('leads to no server at which the caller may do nothing', async () => {
    const gate = gateThat({ reaches: (server) => server === 'a' });
    const { view } = aggregate(
      {
        closed: fakeEntry({
          ...tools('x'),
          resources: [{ uri: 'x://1' }],
          resourceTemplates: [{ uriTemplate: 'x://y/{id}' }],
        }),
        a: fakeEntry({ resources: [{ uri: 'x://2' }], resourceTemplates: [{ uriTemplate: 'x://{id}' }] }),
      },
      gate,
    );
    expect(await view.resolve(TOOLS, 'closed_x', CALLER)).toBeUndefined();
    expect(await view.resolve(RESOURCES, 'x://y/1', CALLER)).toEqual({ server: 'a', name: 'x://y/1' });
    expect(await view.resolve(RESOURCES, 'x://1', CALLER)).toEqual({ server: 'a', name: 'x://1' });
  });

  it('finds a resource by its public URI before any template', async () => {
    const { view } = aggregate({
      a: fakeEntry({ resourceTemplates: [{ uriTemplate: 'x://long/{id}' }] }),
      b: fakeEntry({ resources: [{ uri: 'x://long/1' }] }),
    });
    expect(await view.resolve(RESOURCES, 'x://long/1', CALLER)).toEqual({ server: 'b', name: 'x://long/1' });
    expect(await view.resolve(RESOURCES, 'x://long/2', CALLER)).toEqual({ server: 'a', name: 'x://long/2' });
    expect(await view.resolve(TEMPLATES, 'x://long/{id}', CALLER)).toEqual({
      server: 'a',
      name: 'x://long/{id}',
    });
    expect(await view.resolve(RESOURCES, 'file:///etc/passwd', CALLER)).toBeUndefined();
  });
});

describe('AggregateView#describe()', () => {
  it('offers what its servers offer together, and says who wrote which instructions', async () => {
    const { view } = aggregate({
      a: fakeEntry(tools('x'), { instructions: 'Be kind.' }),
      b: fakeEntry({ prompts: [] }, { instructions: 'Be quick.' }),
    });
    expect(await view.describe(CALLER)).toEqual({
      capabilities: { tools: { listChanged: true }, prompts: { listChanged: true } },
      serverInfo: { name: 'smcp', version: '1', title: 'SMCP gateway' },
      instructions: '## a\n\nBe kind.\n\n## b\n\nBe quick.',
      isWhole: true,
    });
  });

  it('offers every list while a server is missing, because what it will offer is not known', async () => {
    const { view } = aggregate({
      down: fakeEntry({}, { until: Promise.reject(new Error('down')) }),
      a: fakeEntry(tools('x')),
    });
    const listChanged = true;
    expect(await view.describe(CALLER)).toMatchObject({
      capabilities: { tools: { listChanged }, prompts: { listChanged }, resources: { listChanged } },
      isWhole: false,
    });
  });

  it('says nothing of a server at which the caller may do nothing', async () => {
    const { view } = aggregate(
      { closed: fakeEntry({ prompts: [] }, { instructions: 'Secret.' }), a: fakeEntry(tools('x')) },
      gateThat({ reaches: (server) => server === 'a' }),
    );
    expect(await view.describe(CALLER)).toMatchObject({
      capabilities: { tools: { listChanged: true } },
      instructions: undefined,
    });
  });
});

describe('AggregateView#list() freshness', () => {
  it('is fresh as long as all servers say so', async () => {
    const hinted = (ttlMs: number) => fakeEntry(tools('x'), { ttlMs });
    const of = async (entries: Parameters<typeof aggregate>[0]) =>
      (await aggregate(entries).view.list(TOOLS, CALLER)).ttlMs;
    expect(await of({ a: hinted(60_000), b: hinted(5000) })).toBe(5000);
    expect(await of({ a: hinted(60_000), b: fakeEntry(tools('x')) })).toBe(0);
    expect(await of({ a: hinted(60_000), b: fakeEntry(tools('x'), { refused: 'no' }) })).toBe(0);
    expect(await of({})).toBe(0);
  });
});

describe('AggregateView#fingerprint()', () => {
  it('is not known before all lists are', async () => {
    const { view } = aggregate({ a: fakeEntry(tools('x')), b: fakeEntry(tools('y')) });
    expect(view.fingerprint(TOOLS, CALLER)).toBeUndefined();
    await view.list(TOOLS, CALLER);
    expect(view.fingerprint(TOOLS, CALLER)).toBe(view.fingerprint(TOOLS, CALLER));
    expect(view.fingerprint(TOOLS, CALLER)).toBeDefined();
    expect(view.fingerprint(RESOURCES, CALLER)).toBeUndefined();
  });

  it('is not known of a server that wants a credential which is not there', async () => {
    const { view } = aggregate({ a: fakeEntry(tools('x')), b: fakeEntry({}, { refused: 'no' }) });
    await view.list(TOOLS, CALLER);
    expect(view.fingerprint(TOOLS, CALLER)).toBeUndefined();
  });

  it('differs with what a caller may see, and with what a server lists', async () => {
    const shows = new Set(['x', 'y']);
    const servers = { a: fakeEntry(tools('x', 'y', 'z')) };
    const { view } = aggregate(servers, gateThat({ shows: (name) => shows.has(name) }));
    await view.list(TOOLS, CALLER);
    const first = view.fingerprint(TOOLS, CALLER);
    shows.delete('y');
    const second = view.fingerprint(TOOLS, CALLER);
    shows.add('y');
    const again = view.fingerprint(TOOLS, CALLER);
    servers.a.catalog.invalidate();
    await view.list(TOOLS, CALLER);
    const relisted = view.fingerprint(TOOLS, CALLER);
    expect(again).toBe(first);
    expect(new Set([first, second, relisted]).size).toBe(3);
  });

  it('does not count a server at which the caller may do nothing', async () => {
    const reachable = new Set(['a']);
    const gate = gateThat({ reaches: (server) => reachable.has(server) });
    const { view } = aggregate({ a: fakeEntry(tools('x')), b: fakeEntry(tools('y')) }, gate);
    await view.list(TOOLS, CALLER);
    const before = view.fingerprint(TOOLS, CALLER);
    expect(before).toBeDefined();
    reachable.add('b');
    expect(view.fingerprint(TOOLS, CALLER)).toBeUndefined();
  });
});
