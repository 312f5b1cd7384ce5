import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { JsonObject } from '@smcp/protocol';
import { listAll, PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from '../../src/catalog/list-all.ts';
import { type Upstream } from '../../src/upstream/index.ts';
import { fakeClock } from '../limit/fake-clock.ts';
import { listUpstream, toolPage } from '../fixtures/list-upstream.ts';
import { failure } from '../fixtures/failure.ts';

const ALL: JsonObject = { tools: {}, prompts: {}, resources: {} };

async function names(upstream: Upstream, kind: ListKind = TOOLS, now = fakeClock().now): Promise<string[]> {
  const { byKey } = await listAll(kind, ALL, upstream, now);
  return [...byKey.keys()];
}

describe('listAll()', () => {
  it('gives definitions as they came, in their order, with everything in them', async () => {
    const tools = [
      { name: 'b', inputSchema: { type: 'object' }, vendor: { deep: [1, null] } },
      { name: 'a', _meta: { x: 'y' } },
    ];
    const { items, byKey } = await listAll(
      TOOLS,
      ALL,
      listUpstream(() => ({ result: { tools } })),
      fakeClock().now,
    );
    expect(items).toEqual(tools);
    expect([...byKey]).toEqual([
      ['b', tools[0]],
      ['a', tools[1]],
    ]);
  });

  it.each([
    [TOOLS, 'tools/list', { tools: [{ name: 'k' }] }],
    [PROMPTS, 'prompts/list', { prompts: [{ name: 'k' }] }],
    [RESOURCES, 'resources/list', { resources: [{ uri: 'k', name: 'other' }] }],
    [TEMPLATES, 'resources/templates/list', { resourceTemplates: [{ uriTemplate: 'k', name: 'other' }] }],
  ])('knows where the items of $method stand and what names them', async (kind, method, result) => {
    const upstream = listUpstream(() => ({ result }));
    expect(await names(upstream, kind)).toEqual(['k']);
    expect(upstream.asked).toEqual([`${method} null`]);
  });

  it('asks nothing of a server that does not have such things', async () => {
    const upstream = listUpstream(() => toolPage(['a']));
    expect(await listAll(TOOLS, { prompts: {} }, upstream, fakeClock().now)).toEqual({
      items: [],
      byKey: new Map(),
      ttlMs: undefined,
      cacheScope: 'private',
    });
    expect(upstream.asked).toEqual([]);
  });

  it('takes a method that the server does not know for an empty list', async () => {
    expect(
      await names(
        listUpstream(() => ({ error: { code: -32601, message: 'Method not found' } })),
        TEMPLATES,
      ),
    ).toEqual([]);
  });

  it('passes on any other error, cut and in one line', async () => {
    const error = await failure(
      names(listUpstream(() => ({ error: { code: -32603, message: `bad\nluck${'!'.repeat(1000)}` } }))),
    );
    expect(error.code).toBe('UPSTREAM_REFUSED');
    expect(error.message).toContain(String.raw`Server "files" refused tools/list: bad\nluck!`);
    expect(error.message.length).toBeLessThan(400);
  });

  it.each([
    ['no list', {}],
    ['null', { tools: null }],
    ['an object', { tools: { name: 'a' } }],
    ['text', { tools: 'abc' }],
    ['items of other types', { tools: [null, 1, 'a', ['a'], true] }],
    [
      'items without a name',
      { tools: [{}, { name: '' }, { name: 5 }, { name: null }, { name: ['a'] }, { uri: 'a' }] },
    ],
    ['a name of 2049 characters', { tools: [{ name: 'x'.repeat(2049) }] }],
  ])('leaves out what cannot be named: %s', async (_what, result) => {
    expect(await names(listUpstream(() => ({ result: result as JsonObject })))).toEqual([]);
  });

  it('accepts a name of 2048 characters, and names that objects have by themselves', async () => {
    const wanted = ['x'.repeat(2048), '__proto__', 'constructor', 'toString'];
    expect(await names(listUpstream(() => toolPage(wanted)))).toEqual(wanted);
  });

  it('keeps the first of two items with the same name, also across pages', async () => {
    const pages: Readonly<Record<string, JsonObject>> = {
      null: {
        tools: [
          { name: 'a', n: 1 },
          { name: 'a', n: 2 },
        ],
        nextCursor: 'p',
      },
      p: {
        tools: [
          { name: 'a', n: 3 },
          { name: 'b', n: 4 },
        ],
      },
    };
    const { items } = await listAll(
      TOOLS,
      ALL,
      listUpstream((_method, cursor) => ({ result: pages[cursor ?? 'null'] ?? {} })),
      fakeClock().now,
    );
    expect(items).toEqual([
      { name: 'a', n: 1 },
      { name: 'b', n: 4 },
    ]);
  });
});

describe('listAll(), page by page', () => {
  it('hands back each cursor as it was given', async () => {
    const cursors = ['', 'a b', '💥', '{"x":1}'];
    let page = 0;
    const upstream = listUpstream(() => toolPage([`t${page}`], cursors[page++]));
    expect(await names(upstream)).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(upstream.asked).toEqual(
      ['null', ...cursors.map((cursor) => JSON.stringify(cursor))].map((cursor) => `tools/list ${cursor}`),
    );
  });

  it.each([null, 5, {}, ['x'], true] as const)('takes the cursor %j for the end', async (cursor) => {
    const upstream = listUpstream(() => toolPage(['a'], cursor));
    expect(await names(upstream)).toEqual(['a']);
    expect(upstream.asked).toHaveLength(1);
  });

  it('stops at a cursor that it was given before', async () => {
    const upstream = listUpstream((_method, cursor) =>
      toolPage([`after ${cursor}`], cursor === 'x' ? 'y' : 'x'),
    );
    expect(await names(upstream)).toEqual(['after undefined', 'after x', 'after y']);
  });

  it('stops after 200 pages of a list that never ends', async () => {
    let page = 0;
    const upstream = listUpstream(() => toolPage([`t${page}`], `cursor ${++page}`));
    expect(await names(upstream)).toHaveLength(200);
    expect(upstream.asked).toHaveLength(200);
  });

  it('keeps what came before a page that the server does not know', async () => {
    const upstream = listUpstream((_method, cursor) =>
      cursor === undefined ? toolPage(['a'], 'p') : { error: { code: -32601, message: 'no' } },
    );
    expect(await names(upstream)).toEqual(['a']);
  });

  it('fails as a whole when a later page fails', async () => {
    const upstream = listUpstream((_method, cursor) =>
      cursor === undefined ? toolPage(['a'], 'p') : { error: { code: -32602, message: 'Invalid cursor' } },
    );
    expect((await failure(names(upstream))).code).toBe('UPSTREAM_REFUSED');
  });

  it('gives all pages together 30 seconds', async () => {
    const clock = fakeClock();
    const allowed: number[] = [];
    const upstream = listUpstream((_method, cursor, timeoutMs) => {
      allowed.push(timeoutMs);
      clock.advance(10_000);
      return toolPage([`t${cursor}`], `p${allowed.length}`);
    });
    expect((await failure(names(upstream, TOOLS, clock.now))).code).toBe('UPSTREAM_TIMEOUT');
    expect(allowed).toEqual([30_000, 20_000, 10_000]);
  });

  it('accepts 10,000 items and refuses one more', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `t${n}`);
    expect(await names(listUpstream(() => toolPage(many)))).toHaveLength(10_000);
    expect((await failure(names(listUpstream(() => toolPage([...many, 'one more']))))).code).toBe(
      'UPSTREAM_TOO_LARGE',
    );
  });

  it('refuses pages of over 64 Mi characters together', async () => {
    const result = { tools: [{ name: 'a', description: 'x'.repeat(10 * 1024 * 1024) }] };
    let page = 0;
    const upstream = listUpstream(() => ({ result: { ...result, nextCursor: `p${++page}` } }));
    expect((await failure(names(upstream))).code).toBe('UPSTREAM_TOO_LARGE');
    expect(page).toBe(7);
  });

  it('ends with unique, usable names, whatever the server says', async () => {
    const result = fc.dictionary(fc.constantFrom('tools', 'nextCursor', 'x'), fc.jsonValue({ maxDepth: 3 }));
    const item = fc.record({ name: fc.oneof(fc.string(), fc.constantFrom('a', 'b', '')), n: fc.nat() });
    const page = fc.oneof(
      result,
      fc.record({ tools: fc.array(item), nextCursor: fc.constantFrom('p', 'q', null) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1 }), async (pages) => {
        let at = 0;
        const upstream = listUpstream(() => ({ result: (pages[at++ % pages.length] ?? {}) as JsonObject }));
        const found = await names(upstream);
        expect(new Set(found).size).toBe(found.length);
        expect(found.every((name) => name !== '')).toBe(true);
        expect(upstream.asked.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
