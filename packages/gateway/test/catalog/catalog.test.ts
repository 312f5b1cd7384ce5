import { describe, expect, it } from 'vitest';
import {
  Catalog,
  CatalogStore,
  LIST_KINDS,
  PROMPTS,
  RESOURCES,
  TEMPLATES,
  TOOLS,
} from '../../src/catalog/index.ts';
import { fakeClock } from '../limit/fake-clock.ts';
import { listUpstream, toolPage, type ListAnswer } from '../fixtures/list-upstream.ts';

const MINUTE_MS = 60_000;

function make(): { catalog: Catalog; clock: ReturnType<typeof fakeClock> } {
  const clock = fakeClock();
  return { catalog: new Catalog(clock.now), clock };
}

/** An upstream whose answers come when the test gives them. */
function heldUpstream(): {
  upstream: ReturnType<typeof listUpstream>;
  answer: (given: ListAnswer) => Promise<void>;
  waiting: () => number;
} {
  const held: ((given: ListAnswer) => void)[] = [];
  const upstream = listUpstream(async () => await new Promise<ListAnswer>((resolve) => held.push(resolve)));
  const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
  return {
    upstream,
    waiting: () => held.length,
    answer: async (given) => {
      await settle();
      const [next] = held.splice(0, 1);
      if (next === undefined) throw new Error('Nothing was asked');
      next(given);
      await settle();
    },
  };
}

describe('Catalog#get()', () => {
  it('fetches once and keeps what a server gave that announces changes', async () => {
    const { catalog, clock } = make();
    const upstream = listUpstream(() => toolPage(['a']));
    expect(catalog.peek(TOOLS)).toBeUndefined();
    const listing = await catalog.get(TOOLS, upstream);
    clock.advance(365 * 24 * 60 * MINUTE_MS);
    expect(await catalog.get(TOOLS, upstream)).toBe(listing);
    expect(catalog.peek(TOOLS)).toBe(listing);
    expect(upstream.asked).toHaveLength(1);
  });

  it('keeps for five minutes what a server gave that does not', async () => {
    const { catalog, clock } = make();
    const upstream = listUpstream(() => ({ result: { prompts: [{ name: 'p' }] } }));
    await catalog.get(PROMPTS, upstream);
    clock.advance(5 * MINUTE_MS - 1);
    await catalog.get(PROMPTS, upstream);
    expect(upstream.asked).toHaveLength(1);
    clock.advance(1);
    expect(catalog.peek(PROMPTS)).toBeUndefined();
    await catalog.get(PROMPTS, upstream);
    expect(upstream.asked).toHaveLength(2);
  });

  it('keeps that a server has nothing, without asking for it', async () => {
    const { catalog } = make();
    const upstream = listUpstream(() => toolPage(['a']), {});
    expect((await catalog.get(TOOLS, upstream)).items).toEqual([]);
    expect((await catalog.get(TOOLS, upstream)).items).toEqual([]);
    expect(upstream.asked).toEqual([]);
    expect(upstream.describes).toBe(1);
  });

  it('shares one fetch among all who ask at the same time, and keeps the kinds apart', async () => {
    const { catalog } = make();
    const { upstream, answer, waiting } = heldUpstream();
    const asked = [
      catalog.get(TOOLS, upstream),
      catalog.get(TOOLS, upstream),
      catalog.find(TOOLS, 'a', upstream),
      catalog.get(PROMPTS, upstream),
    ];
    await answer(toolPage(['a']));
    expect(waiting()).toBe(1);
    await answer({ result: { prompts: [] } });
    await Promise.all(asked);
    expect(upstream.asked).toEqual(['tools/list null', 'prompts/list null']);
  });

  it('tells a failure to all who waited, and asks again the next time', async () => {
    const { catalog } = make();
    let fail = true;
    const upstream = listUpstream(() =>
      fail ? { error: { code: -32603, message: 'no' } } : toolPage(['a']),
    );
    const results = await Promise.allSettled([catalog.get(TOOLS, upstream), catalog.get(TOOLS, upstream)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fail = false;
    expect((await catalog.get(TOOLS, upstream)).byKey.has('a')).toBe(true);
    expect(upstream.asked).toHaveLength(2);
  });

  it('gives each fetch a version of its own', async () => {
    const { catalog } = make();
    const upstream = listUpstream(() => toolPage(['a']));
    const versions = new Set<number>();
    for (let n = 0; n < 5; n += 1) {
      versions.add((await catalog.get(TOOLS, upstream)).version);
      catalog.invalidate();
    }
    expect(versions.size).toBe(5);
  });

  it('keeps the first fetch of a server whose start makes the owner forget everything', async () => {
    const { catalog } = make();
    const upstream = listUpstream(() => toolPage(['a']));
    const describe_ = upstream.describe.bind(upstream);
    let started = false;
    upstream.describe = async () => {
      if (!started) {
        started = true;
        catalog.invalidate();
      }
      return await describe_();
    };
    await catalog.get(TOOLS, upstream);
    expect(catalog.peek(TOOLS)).toBeDefined();
    await catalog.get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(1);
  });

  it('fails when the server cannot be started, and asks for nothing', async () => {
    const { catalog } = make();
    const upstream = listUpstream(() => toolPage(['a']));
    upstream.describe = async () => {
      throw new Error('down');
    };
    await expect(catalog.get(TOOLS, upstream)).rejects.toThrow('down');
    expect(upstream.asked).toEqual([]);
  });
});

describe('Catalog#invalidateChanged()', () => {
  it.each([
    ['notifications/tools/list_changed', [TOOLS]],
    ['notifications/prompts/list_changed', [PROMPTS]],
    ['notifications/resources/list_changed', [RESOURCES, TEMPLATES]],
    ['notifications/message', []],
    ['notifications/tools', []],
  ])('forgets what %s speaks of, and no more', async (method, concerned) => {
    const { catalog } = make();
    const upstream = listUpstream(() => ({ result: {} }));
    for (const kind of LIST_KINDS) await catalog.get(kind, upstream);
    expect(catalog.invalidateChanged(method)).toEqual(concerned);
    expect(LIST_KINDS.filter((kind) => catalog.peek(kind) === undefined)).toEqual(concerned);
  });

  it('does not keep a list that changed while it was fetched; the next one is fetched anew', async () => {
    const { catalog } = make();
    const { upstream, answer } = heldUpstream();
    const before = catalog.get(TOOLS, upstream);
    await new Promise((resolve) => setImmediate(resolve));
    catalog.invalidateChanged('notifications/tools/list_changed');
    const after = catalog.get(TOOLS, upstream);
    await answer(toolPage(['old']));
    expect([...(await before).byKey.keys()]).toEqual(['old']);
    expect(catalog.peek(TOOLS)).toBeUndefined();
    await answer(toolPage(['new']));
    expect([...(await after).byKey.keys()]).toEqual(['new']);
    expect(catalog.peek(TOOLS)).toBe(await after);
  });

  it('keeps the newer of two fetches, whichever ends first', async () => {
    const { catalog } = make();
    const held: ((given: ListAnswer) => void)[] = [];
    const upstream = listUpstream(async () => await new Promise<ListAnswer>((resolve) => held.push(resolve)));
    const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
    const before = catalog.get(TOOLS, upstream);
    await settle();
    catalog.invalidate(TOOLS);
    const after = catalog.get(TOOLS, upstream);
    await settle();
    held[1]?.(toolPage(['new']));
    await after;
    held[0]?.(toolPage(['old']));
    await before;
    expect([...(catalog.peek(TOOLS)?.byKey.keys() ?? [])]).toEqual(['new']);
  });
});

describe('Catalog#find()', () => {
  it('finds by name, and asks again for an unknown one at most every five seconds', async () => {
    const { catalog, clock } = make();
    let names = ['a'];
    const upstream = listUpstream(() => toolPage(names));
    expect(await catalog.find(TOOLS, 'a', upstream)).toMatchObject({ name: 'a' });
    names = ['a', 'b'];
    expect(await catalog.find(TOOLS, 'b', upstream)).toBeUndefined();
    clock.advance(4999);
    expect(await catalog.find(TOOLS, 'b', upstream)).toBeUndefined();
    expect(upstream.asked).toHaveLength(1);
    clock.advance(1);
    expect(await catalog.find(TOOLS, 'b', upstream)).toMatchObject({ name: 'b' });
    expect(upstream.asked).toHaveLength(2);
    clock.advance(10 * MINUTE_MS);
    expect(await catalog.find(TOOLS, 'a', upstream)).toMatchObject({ name: 'a' });
    expect(upstream.asked).toHaveLength(2);
  });

  it('cannot be made to ask more often by many unknown names', async () => {
    const { catalog, clock } = make();
    const upstream = listUpstream(() => toolPage(['a']));
    await catalog.get(TOOLS, upstream);
    clock.advance(5000);
    const found = await Promise.all(
      Array.from({ length: 500 }, async (_, n) => await catalog.find(TOOLS, `no-${n}`, upstream)),
    );
    expect(found.every((item) => item === undefined)).toBe(true);
    expect(upstream.asked).toHaveLength(2);
  });

  // The last one looks like a name that is there, but is written with a combining accent.
  it.each(['__proto__', 'constructor', 'toString', 'A', ' a', 'a ', 'a\u0301'])(
    'takes %j for no other name',
    async (name) => {
      const { catalog } = make();
      expect(
        await catalog.find(
          TOOLS,
          name,
          listUpstream(() => toolPage(['a', '\u00e1'])),
        ),
      ).toBeUndefined();
    },
  );
});

describe('CatalogStore', () => {
  it('gives the same catalogue for the same key and another for another [A53]', () => {
    const store = new CatalogStore(fakeClock().now);
    expect(store.get('a')).toBe(store.get('a'));
    expect(store.get('a')).not.toBe(store.get('b'));
  });

  it('retain() forgets what is refused', () => {
    const store = new CatalogStore(fakeClock().now);
    const [a, b] = [store.get('a'), store.get('b')];
    store.retain((key) => key === 'a');
    expect(store.get('a')).toBe(a);
    expect(store.get('b')).not.toBe(b);
  });

  it('peek() gives what is there, and makes nothing', () => {
    const store = new CatalogStore(fakeClock().now);
    expect(store.peek('a')).toBeUndefined();
    expect(store.peek('a')).toBeUndefined();
    expect(store.get('a')).toBe(store.peek('a'));
  });

  it('keeps one that is used, however many others are made', () => {
    const store = new CatalogStore(fakeClock().now);
    const used = store.get('used');
    for (let n = 0; n < 12_000; n += 1) {
      store.get(`k${n}`);
      if (n % 4000 === 0) store.get('used');
    }
    expect(store.get('used')).toBe(used);
    expect(store.peek('k0')).toBeUndefined();
  });

  it('holds at most 5000; the one used longest ago goes first', () => {
    const store = new CatalogStore(fakeClock().now);
    const first = store.get('k0');
    const second = store.get('k1');
    for (let n = 2; n < 5001; n += 1) store.get(`k${n}`);
    expect(store.get('k1')).toBe(second);
    expect(store.get('k0')).not.toBe(first);
  });
});
