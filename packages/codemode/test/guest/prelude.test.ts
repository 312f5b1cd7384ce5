import { Script } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { GUEST_PRELUDE } from '../../src/guest/prelude.ts';
import { GITHUB, GuestRealm } from './guest-realm.ts';

it('GUEST_PRELUDE is one expression, small, without imports', () => {
  expect(() => new Script(GUEST_PRELUDE)).not.toThrow();
  expect(GUEST_PRELUDE.length).toBeLessThan(40_000);
  expect(GUEST_PRELUDE).not.toMatch(/\bimport\b|\brequire\(|__vi/);
});

it('GUEST_PRELUDE leaves nothing but its globals behind', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] });
  expect(await realm.run('return Object.keys(globalThis).sort()')).toEqual([
    'callHost',
    'console',
    'data',
    'host',
    'toText',
  ]);
  expect(await realm.run('return [typeof parts, typeof data.servers, typeof startGuest]')).toEqual([
    'undefined',
    'undefined',
    'undefined',
  ]);
});

it('GUEST_PRELUDE survives being bundled', async () => {
  await using build = await rolldown({
    input: new URL('../../src/guest/prelude.ts', import.meta.url).pathname,
    platform: 'node',
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  const url = `data:text/javascript,${encodeURIComponent(output[0].code)}`;
  const bundled = (await import(/* @vite-ignore */ url)) as { GUEST_PRELUDE: string };
  expect(bundled.GUEST_PRELUDE.length).toBeGreaterThan(1000);
  const realm = new GuestRealm(bundled.GUEST_PRELUDE).start({ servers: [GITHUB] }, () => ({
    structuredContent: { a: 1 },
  }));
  expect(await realm.run('return github.getMe()')).toEqual({ a: 1 });
});

it('GUEST_PRELUDE makes the globals of a thousand servers', async () => {
  const servers = Array.from({ length: 1000 }, (_, i) => ({
    ...GITHUB,
    name: `s-${i}`,
    alias: `s${i}`,
    snake: `s_${i}`,
    tools: null,
  }));
  const realm = new GuestRealm().start({ servers });
  expect(await realm.run('return [Object.keys(servers).length, typeof s999, typeof mcp_s_999.x]')).toEqual([
    1000,
    'object',
    'function',
  ]);
});
