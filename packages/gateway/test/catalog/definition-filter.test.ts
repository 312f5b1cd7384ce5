import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { Catalog, CatalogStore, PROMPTS, TOOLS, type DefinitionFilter } from '../../src/catalog/index.ts';
import { fakeClock } from '../limit/fake-clock.ts';
import { listUpstream, toolPage } from '../fixtures/list-upstream.ts';

/** Leaves out what begins with `bad`, and gives `old` another form. */
function makeFilter(settings = 'one', seen: string[] = []): DefinitionFilter {
  return {
    settings,
    filter: async (kind, items, { serverInfo }, source) => {
      seen.push(`${kind.field} of ${JSON.stringify(serverInfo['name'])} for ${source.constructor.name}`);
      return new Map(
        [...items]
          .filter(([name]) => !name.startsWith('bad'))
          .map(([name, item]): [string, JsonObject] => [
            name,
            name === 'old' ? { name, title: 'as it was' } : item,
          ]),
      );
    },
  };
}

describe('Catalog, with a filter', () => {
  const make = (filter: DefinitionFilter) => {
    const clock = fakeClock();
    const upstream = listUpstream(() => toolPage(['a', 'bad-1', 'old']));
    upstream.serverInfo = { name: 'honest' };
    return { catalog: new Catalog(clock.now, filter), upstream, clock };
  };

  it('offers what the filter gives, in its order and form, and nothing else (A37)', async () => {
    const seen: string[] = [];
    const { catalog, upstream } = make(makeFilter('one', seen));
    const { items, byKey } = await catalog.get(TOOLS, upstream);
    expect(items.map(({ name }) => name)).toEqual(['a', 'old']);
    expect(byKey.get('old')).toEqual({ name: 'old', title: 'as it was' });
    expect(await catalog.find(TOOLS, 'bad-1', upstream)).toBeUndefined();
    expect(seen).toEqual(['tools of "honest" for Catalog']);
  });

  it('is asked again with every fetch, and only then', async () => {
    const seen: string[] = [];
    const { catalog, upstream, clock } = make(makeFilter('one', seen));
    await catalog.get(TOOLS, upstream);
    await catalog.get(TOOLS, upstream);
    await catalog.get(PROMPTS, upstream);
    expect(seen).toHaveLength(2);
    clock.advance(5000);
    await catalog.find(TOOLS, 'bad-1', upstream);
    expect(seen).toHaveLength(3);
  });

  it('keeps and gives nothing when the filter fails', async () => {
    let broken = true;
    const filter = makeFilter();
    const { catalog, upstream } = make({
      settings: '',
      filter: async (...given) => {
        if (broken) throw new Error('no store');
        return await filter.filter(...given);
      },
    });
    await expect(catalog.get(TOOLS, upstream)).rejects.toThrow('no store');
    await expect(catalog.find(TOOLS, 'a', upstream)).rejects.toThrow('no store');
    expect(catalog.peek(TOOLS)).toBeUndefined();
    broken = false;
    expect((await catalog.get(TOOLS, upstream)).byKey.has('a')).toBe(true);
  });
});

describe('CatalogStore#get() with a filter', () => {
  it('forgets what another filter let through, and keeps what an equal one did', async () => {
    const store = new CatalogStore(fakeClock().now);
    const upstream = listUpstream(() => toolPage(['a', 'bad']));
    expect((await store.get('k').get(TOOLS, upstream)).byKey.size).toBe(2);
    expect((await store.get('k', makeFilter('one')).get(TOOLS, upstream)).byKey.size).toBe(1);
    await store.get('k', makeFilter('one')).get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(2);
    await store.get('k', makeFilter('two')).get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(3);
    expect((await store.get('k').get(TOOLS, upstream)).byKey.size).toBe(2);
  });
});
