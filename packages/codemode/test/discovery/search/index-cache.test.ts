import { describe, expect, it } from 'vitest';
import { nameServers } from '../../../src/bindings/names.ts';
import { ToolIndexCache, type SeenServer } from '../../../src/discovery/search/index-cache.ts';
import type { ToolDefinition } from '../../../src/tool-host.ts';
import { tool } from '../fake-host.ts';

function seen(tools: readonly ToolDefinition[], name = 'a'): readonly SeenServer[] {
  return nameServers([name]).map((server) => ({ server, tools }));
}

describe('ToolIndexCache#get()', () => {
  it('gives the same index for the same content, whoever holds it', async () => {
    const cache = new ToolIndexCache();
    const index = await cache.get(seen([tool('x', 'Does x')]));
    expect(await cache.get(seen([tool('x', 'Does x')]))).toBe(index);
  });

  it('builds once for callers who ask at the same time', async () => {
    const cache = new ToolIndexCache();
    const [first, second] = await Promise.all([cache.get(seen([tool('x')])), cache.get(seen([tool('x')]))]);
    expect(second).toBe(first);
  });

  it.each([
    ['a tool less', seen([])],
    ['a tool more', seen([tool('x', 'Does x'), tool('y')])],
    ['another description', seen([tool('x', 'Does y')])],
    ['another schema', seen([tool('x', 'Does x', { id: {} })])],
    ['an output schema', seen([{ ...tool('x', 'Does x'), outputSchema: {} }])],
    ['a title', seen([{ ...tool('x', 'Does x'), title: 'X' }])],
    ['another server', seen([tool('x', 'Does x')], 'b')],
    ['the same of another server besides', [...seen([tool('x', 'Does x')]), ...seen([], 'b')]],
  ])('gives another one for %s (A53)', async (_what, other) => {
    const cache = new ToolIndexCache();
    const index = await cache.get(seen([tool('x', 'Does x')]));
    expect(await cache.get(other)).not.toBe(index);
  });

  it('is not confused by where one server ends and the next begins', async () => {
    const cache = new ToolIndexCache();
    const [a, b] = nameServers(['a', 'b']);
    const split = (first: ToolDefinition[], second: ToolDefinition[]): readonly SeenServer[] => [
      { server: a!, tools: first },
      { server: b!, tools: second },
    ];
    const index = await cache.get(split([tool('x'), tool('y')], []));
    expect(await cache.get(split([tool('x')], [tool('y')]))).not.toBe(index);
  });

  it('forgets what was used longest ago', async () => {
    const cache = new ToolIndexCache(2);
    const first = await cache.get(seen([tool('one')]));
    const second = await cache.get(seen([tool('two')]));
    expect(await cache.get(seen([tool('one')]))).toBe(first);
    await cache.get(seen([tool('three')]));
    expect(await cache.get(seen([tool('one')]))).toBe(first);
    expect(await cache.get(seen([tool('two')]))).not.toBe(second);
  });

  it('searches 2,000 tools of one server at most, and others all the same', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => tool(`t${i}`));
    const index = await new ToolIndexCache().get([...seen(many), ...seen([tool('send_mail')], 'b')]);
    expect(index.size).toBe(2001);
    expect(index.search('send mail', 1)).toHaveLength(1);
  });

  it('searches 10,000 tools at most', async () => {
    const tools = Array.from({ length: 2000 }, (_, i) => tool(`t${i}`));
    const servers = Array.from({ length: 7 }, (_, i) => seen(tools, `s${i}`)).flat();
    expect((await new ToolIndexCache().get(servers)).size).toBe(10_000);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to hold %j indexes', (max) => {
    expect(() => new ToolIndexCache(max)).toThrow(RangeError);
  });
});
