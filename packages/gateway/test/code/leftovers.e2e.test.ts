import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { serverCommand } from '../eras/harness/server-process.ts';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { startCodeProcess, type CodeProcess, type CodeProcessOptions } from './code-process.ts';
import { toExecuted, type Executed } from './code-stage.ts';
import { descendantsOf, runnersOf } from './processes.ts';

/** Whether it is installed and may do its work. */
const HAS_BUBBLEWRAP =
  spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true'], { stdio: 'ignore' }).status === 0;

async function run(gateway: CodeProcess, code: string, more: JsonObject = {}): Promise<Executed> {
  const params = { name: 'smcp_execute', arguments: { code, ...more } };
  const { result, error } = await gateway.client('ann').request('tools/call', params);
  if (result === undefined) throw new Error(`Not executed: ${JSON.stringify(error)}`);
  return toExecuted(result as JsonObject);
}

/** A gateway with a script that computes, one that waits for its user, an idle session, and a server. */
async function startBusy(more: Partial<CodeProcessOptions> = {}): Promise<CodeProcess> {
  const gateway = await startCodeProcess({
    people: ['ann'],
    servers: { plain: serverCommand('handshake', 'stdio') },
    roles: { all: { allow: ['*:*'], ask: ['plain:count'] } },
    ...more,
  });
  await run(gateway, 'let kept = 1', { session: 'idle' });
  const code = `await plain.count({ tag: 'x' })`;
  const asked = await gateway
    .client('ann')
    .request(
      'tools/call',
      { name: 'smcp_execute', arguments: { code } },
      { capabilities: { elicitation: { form: {} } } },
    );
  expect(asked.result).toMatchObject({ resultType: 'input_required' });
  // Nobody waits for this one: it is cut off with the gateway.
  run(gateway, 'for (;;);', { session: 'busy', timeout: 60 }).catch(() => undefined);
  await waitUntil('a runner for each', () => (runnersOf(gateway.pid).length >= 3 ? true : undefined));
  return gateway;
}

function stillThere(pids: readonly number[]): readonly number[] {
  return pids.filter((pid) => existsSync(`/proc/${pid}`));
}

describe('a gateway that ends in the middle of scripts', () => {
  it.each<[NodeJS.Signals, Partial<CodeProcessOptions>]>([
    ['SIGTERM', {}],
    ['SIGKILL', {}],
    ['SIGKILL', { path: '/nonexistent' }],
    ['SIGKILL', { codeMode: { level: 'oneshot' } }],
  ])('leaves no process behind after %s, with %j', async (signal, more) => {
    await using gateway = await startBusy(more);
    const pids = descendantsOf(gateway.pid).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThanOrEqual(4);
    await gateway.end(signal);
    await waitUntil(
      'all of its processes to be gone',
      () => (stillThere(pids).length === 0 ? true : undefined),
      10_000,
    );
  });
});

describe('level oneshot', () => {
  it('gives every script a process of its own, and sessions too', async () => {
    await using gateway = await startCodeProcess({
      people: ['ann'],
      codeMode: { level: 'oneshot', runners: { warm: 1 } },
    });
    const seen = new Set<number>();
    for (let count = 0; count < 3; count += 1) {
      expect(await run(gateway, `return ${count}`)).toMatchObject({ result: count });
      await waitUntil('the next process', () => {
        const [next] = runnersOf(gateway.pid).filter(({ pid }) => !seen.has(pid));
        if (next !== undefined) seen.add(next.pid);
        return next;
      });
    }
    expect(seen.size).toBe(3);
    await run(gateway, 'let kept = 41', { session: 'one' });
    expect(await run(gateway, 'return kept + 1', { session: 'one' })).toMatchObject({ result: 42 });
  });
});

describe('containment', () => {
  it.skipIf(!HAS_BUBBLEWRAP)('required: runs scripts behind bubblewrap', async () => {
    await using gateway = await startCodeProcess({ people: ['ann'], codeMode: { containment: 'required' } });
    expect(await run(gateway, 'return 1')).toMatchObject({ result: 1 });
    const all = descendantsOf(gateway.pid).map(({ command }) => command);
    expect(all.some((command) => command.includes('bwrap') && command.includes('--seccomp'))).toBe(true);
  });

  it('required: runs none where bubblewrap is missing, and serves everything else', async () => {
    await using gateway = await startCodeProcess({
      people: ['ann'],
      servers: { plain: serverCommand('handshake', 'stdio') },
      codeMode: { containment: 'required' },
      path: '/nonexistent',
    });
    for (const more of [{}, { session: 'one' }]) {
      const executed = await run(gateway, 'return 1', more);
      expect(executed).toMatchObject({ isError: true, data: { status: 'unavailable' } });
      expect(executed.text).toMatch(/bubblewrap|containment/i);
    }
    expect(runnersOf(gateway.pid)).toEqual([]);
    const plain = await gateway
      .client('ann', '/mcp/plain')
      .request('tools/call', { name: 'echo', arguments: { text: 'x' } });
    expect(plain.result).toMatchObject({ content: [{ text: 'x' }] });
  });

  it('auto: runs them without, where there is none', async () => {
    await using gateway = await startCodeProcess({ people: ['ann'], path: '/nonexistent' });
    expect(await run(gateway, 'return 1')).toMatchObject({ result: 1 });
    expect(descendantsOf(gateway.pid).some(({ command }) => command.includes('bwrap'))).toBe(false);
  });
});
