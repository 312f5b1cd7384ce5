import { describe, expect, it } from 'vitest';
import { Catalog, TOOLS } from '../../src/catalog/index.ts';
import { joinCacheHints, keepForMs, readCacheHints } from '../../src/catalog/list-lifetime.ts';
import { fakeClock } from '../limit/fake-clock.ts';
import { listUpstream, type ListAnswer } from '../fixtures/list-upstream.ts';

const MINUTE_MS = 60_000;
const PROMISED = { tools: { listChanged: true } };
const SILENT = { tools: {} };

describe('readCacheHints()', () => {
  it('reads what a modern server says', () => {
    expect(readCacheHints({ ttlMs: 1500.9, cacheScope: 'public' })).toEqual({
      ttlMs: 1500,
      cacheScope: 'public',
    });
    expect(readCacheHints({ ttlMs: 0, cacheScope: 'private' })).toEqual({ ttlMs: 0, cacheScope: 'private' });
  });

  it.each([
    {},
    { ttlMs: -1 },
    { ttlMs: '60000' },
    { ttlMs: null },
    { ttlMs: Number.POSITIVE_INFINITY },
    { cacheScope: 'PUBLIC' },
    { cacheScope: true },
    { cacheScope: 'shared' },
  ])('takes %j for nothing said, and so for private', (page) => {
    expect(readCacheHints(page)).toEqual({ ttlMs: undefined, cacheScope: 'private' });
  });
});

describe('joinCacheHints()', () => {
  const page = (ttlMs: number | undefined, cacheScope: 'public' | 'private') => ({ ttlMs, cacheScope });

  it('takes the shortest time that a page gives', () => {
    expect(joinCacheHints([page(5000, 'public'), page(undefined, 'public'), page(3000, 'public')])).toEqual({
      ttlMs: 3000,
      cacheScope: 'public',
    });
    expect(joinCacheHints([page(0, 'public'), page(3000, 'public')]).ttlMs).toBe(0);
  });

  it('is private when one page is, and when there is none', () => {
    expect(joinCacheHints([page(1, 'public'), page(1, 'private')]).cacheScope).toBe('private');
    expect(joinCacheHints([])).toEqual({ ttlMs: undefined, cacheScope: 'private' });
  });
});

describe('keepForMs()', () => {
  it.each([
    [undefined, true, Infinity],
    [undefined, false, 5 * MINUTE_MS],
    [0, true, Infinity],
    [0, false, 1000],
    [1, true, 1000],
    [1, false, 1000],
    [1001, true, 1001],
    [90_000, true, 90_000],
    [90_000, false, 90_000],
    [Number.MAX_SAFE_INTEGER, false, 24 * 60 * MINUTE_MS],
    [Number.MAX_SAFE_INTEGER, true, 24 * 60 * MINUTE_MS],
  ])('with ttlMs %j and the promise %j gives %d', (ttlMs, announced, expected) => {
    expect(keepForMs(ttlMs, announced)).toBe(expected);
  });
});

function make(hints: object, capabilities: object) {
  const clock = fakeClock();
  const answer = (): ListAnswer => ({ result: { tools: [{ name: 'a' }], ...hints } });
  const upstream = listUpstream(answer, capabilities as Parameters<typeof listUpstream>[1]);
  return { clock, upstream, catalog: new Catalog(clock.now) };
}

describe('Catalog, with a server that says how long', () => {
  it('carries the words of all pages into the listing', async () => {
    const clock = fakeClock();
    const pages: Record<string, ListAnswer> = {
      first: { result: { tools: [{ name: 'a' }], nextCursor: 'x', ttlMs: 9000, cacheScope: 'public' } },
      x: { result: { tools: [{ name: 'b' }], ttlMs: 4000, cacheScope: 'private' } },
    };
    const upstream = listUpstream((_, cursor) => pages[cursor ?? 'first'] ?? { result: {} });
    const listing = await new Catalog(clock.now).get(TOOLS, upstream);
    expect(listing).toMatchObject({ ttlMs: 4000, cacheScope: 'private', fetchedAt: clock.now() });
    expect([...listing.byKey.keys()]).toEqual(['a', 'b']);
  });

  it('says nothing of time for a server that does not, and is private then', async () => {
    const { catalog, upstream } = make({}, PROMISED);
    expect(await catalog.get(TOOLS, upstream)).toMatchObject({ ttlMs: undefined, cacheScope: 'private' });
    expect(catalog.remainingTtlMs(TOOLS)).toBe(0);
  });

  it.each([PROMISED, SILENT])('asks again when the time is over, with %j', async (capabilities) => {
    const { catalog, clock, upstream } = make({ ttlMs: 30_000 }, capabilities);
    await catalog.get(TOOLS, upstream);
    clock.advance(29_999);
    await catalog.get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(1);
    clock.advance(1);
    await catalog.get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(2);
  });

  it('asks once in a second of a server whose lists are outdated at once', async () => {
    const { catalog, clock, upstream } = make({ ttlMs: 0 }, SILENT);
    for (let n = 0; n < 50; n += 1) {
      await catalog.get(TOOLS, upstream);
      clock.advance(100);
    }
    expect(upstream.asked).toHaveLength(5);
  });

  it('believes a promise to tell more than a time of zero', async () => {
    const { catalog, clock, upstream } = make({ ttlMs: 0 }, PROMISED);
    await catalog.get(TOOLS, upstream);
    clock.advance(24 * 60 * MINUTE_MS);
    await catalog.get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(1);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(0);
  });

  it('list_changed beats the time', async () => {
    const { catalog, upstream } = make({ ttlMs: 60 * MINUTE_MS }, PROMISED);
    await catalog.get(TOOLS, upstream);
    catalog.invalidateChanged(TOOLS.changed);
    await catalog.get(TOOLS, upstream);
    expect(upstream.asked).toHaveLength(2);
  });

  it('remainingTtlMs() counts down from the answer on, and is 0 when nothing is known or it changed', async () => {
    const { catalog, clock, upstream } = make({ ttlMs: 10_000 }, PROMISED);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(0);
    await catalog.get(TOOLS, upstream);
    clock.advance(4000);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(6000);
    catalog.markChanged(TOOLS.changed);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(0);
    catalog.invalidate(TOOLS);
    await catalog.get(TOOLS, upstream);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(10_000);
    clock.advance(10_000);
    expect(catalog.remainingTtlMs(TOOLS)).toBe(0);
  });
});
