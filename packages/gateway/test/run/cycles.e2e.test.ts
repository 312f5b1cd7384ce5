import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startFixture } from '../helpers/gateway-fixture.ts';
import { RawClient } from '../helpers/mcp-client.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const CYCLES = 200;
const COUNTING = fileURLToPath(new URL('../fixtures/counting-server.mjs', import.meta.url));

function childrenOf(pid: number): number {
  const out = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line.trim() !== '' && !line.includes('ps')).length;
}

it('200 clients that come and go leave no child process and no session', async () => {
  const before = childrenOf(process.pid);
  {
    await using fixture = await startFixture({
      servers: {
        counting: {
          command: process.execPath,
          args: [COUNTING, '/dev/null'],
          scope: 'session',
          idle_seconds: 1,
        },
      },
      sessions: { idle_seconds: 1 },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['counting:*'] } },
    });
    const answered: boolean[] = [];
    const ended: number[] = [];
    for (let n = 0; n < CYCLES; n += 1) {
      const client = new RawClient(`${fixture.gateway.url}/mcp/counting`, KEY);
      // Each has a server process of its own; every third vanishes without a word.
      await client.connect();
      if (n % 10 === 0) {
        answered.push((await client.callTool('count', { tag: n })).result !== undefined);
      }
      if (n % 3 !== 0) {
        ended.push(await client.end());
      }
    }
    expect(answered).toEqual(Array.from({ length: CYCLES / 10 }, () => true));
    expect(new Set(ended)).toEqual(new Set([204]));
    for (let waited = 0; waited < 100; waited += 1) {
      const { sessions, upstreams } = fixture.gateway.health();
      if (sessions === 0 && upstreams.every(({ state }) => state === 'idle' || state === 'closed')) {
        break;
      }
      await sleep(100);
    }
    expect(fixture.gateway.health().sessions).toBe(0);
    expect(fixture.gateway.health().upstreams.filter(({ state }) => state === 'ready')).toEqual([]);
  }
  await sleep(200);
  expect(childrenOf(process.pid)).toBe(before);
}, 120_000);
