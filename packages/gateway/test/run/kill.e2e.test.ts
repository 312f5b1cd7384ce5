import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { joinCalls, readAudit, verifyAudit } from '../../src/audit/index.ts';
import { openChain, openFoundation } from '../../src/index.ts';
import { RawClient } from '../helpers/mcp-client.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const CALLS = 1000;
const COUNTING = fileURLToPath(new URL('../fixtures/counting-server.mjs', import.meta.url));
const GATEWAY = fileURLToPath(new URL('../fixtures/gateway-process.ts', import.meta.url));

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup();
  }
});

async function startProcess(
  folder: string,
  file: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [GATEWAY, file, join(folder, 'state')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout });
  const [url] = (await once(lines, 'line')) as [string];
  return { child, url };
}

it('a gateway killed during 1,000 calls leaves a record of every call that was executed, and a chain that verifies [S1-18]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-kill-'));
  cleanups.push(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const executedFile = join(folder, 'executed');
  await writeFile(executedFile, '');
  const file = join(folder, 'smcp.yaml');
  await writeFile(
    file,
    stringify({
      listen: '127.0.0.1:0',
      servers: { counting: { command: process.execPath, args: [COUNTING, executedFile, '20'] } },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['counting:*'] } },
    }),
  );
  const { child, url } = await startProcess(folder, file);
  const client = new RawClient(`${url}/mcp/counting`, KEY);
  await client.connect();
  const calls = Array.from(
    { length: CALLS },
    async (_, n) => await client.callTool('count', { tag: `call-${n}` }).catch(() => undefined),
  );
  const executed = async (): Promise<string[]> =>
    (await readFile(executedFile, 'utf8')).split('\n').filter((line) => line !== '');
  while ((await executed()).length < 100) {
    await sleep(2);
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  await Promise.all(calls);
  await sleep(300);
  const tags = await executed();
  expect(tags.length).toBeGreaterThanOrEqual(100);

  // The next start recovers what was cut off in the middle of a write.
  await using foundation = await openFoundation({
    env: { PATH: process.env['PATH'] },
    home: join(folder, 'state'),
  });
  const directory = foundation.home.file('audit');
  const reopened = await openChain(foundation, {
    writer: 'gateway',
    onError: (error) => {
      throw error;
    },
  });
  await reopened[Symbol.asyncDispose]();
  const verdict = await verifyAudit({
    directory,
    store: foundation.store,
    publicKey: foundation.home.auditPublicKey,
  });
  expect(verdict.writers.flatMap((writer) => writer.problems)).toEqual([]);
  expect(verdict.ok).toBe(true);
  const recorded = new Set<unknown>();
  for await (const call of joinCalls(readAudit({ directory, filter: {} }))) {
    recorded.add((call.arguments as { tag?: string } | undefined)?.tag);
  }
  expect(tags.filter((tag) => !recorded.has(tag))).toEqual([]);
});
