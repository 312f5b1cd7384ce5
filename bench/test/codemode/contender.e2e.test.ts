import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { OURS, type ContenderSpec } from '../../codemode/contenders/contenders.ts';
import { RunningContender } from '../../codemode/contenders/running-contender.ts';
import { measureSessions } from '../../codemode/measure/sessions.ts';
import { SCRIPTS, type ScriptName } from '../../codemode/scripts.ts';
import { Workspace } from '../../lifetime/workspace.ts';
import { descendantsOf, stillRunning } from '../../soak/watch/process-tree.ts';

const [POOLED] = OURS as readonly [ContenderSpec];

it('RunningContender runs every script in our engine, and leaves no process', async () => {
  await using workspace = new Workspace();
  const running = await RunningContender.start(workspace, POOLED);
  expect(running.startMs).toBeGreaterThan(running.openMs);
  for (const name of Object.keys(SCRIPTS) as ScriptName[]) {
    expect(await running.sequential(name, 2, 10_000)).toHaveLength(2);
  }
  expect(await running.runsPerSecond('value', 2, 200)).toBeGreaterThan(1);
  expect(await running.reachMs(5)).toBe(0);
  const started = descendantsOf(running.pid);
  expect(started.length).toBeGreaterThan(0);
  await running[Symbol.asyncDispose]();
  await vi.waitFor(() => {
    expect(stillRunning(started)).toEqual([]);
  });
});

it('RunningContender.start() tells what is wrong with a module, and ends its process', async () => {
  await using workspace = new Workspace();
  const spec = { ...POOLED, module: join(workspace.folder, 'missing.mjs') };
  await expect(RunningContender.start(workspace, spec)).rejects.toThrow(/smcp cannot do .*missing\.mjs/s);
});

it.runIf(existsSync('/proc/self/smaps_rollup'))(
  'measureSessions() finds memory of each session beside what the engine has anyway',
  async () => {
    await using workspace = new Workspace();
    const [first, figures] = await measureSessions(workspace, POOLED, [1, 2]);
    expect(first?.sessions).toBe(1);
    expect(figures?.sessions).toBe(2);
    expect(figures?.added.processes).toBeGreaterThanOrEqual(2);
    expect((figures?.added.proportionalBytes ?? 0) / 2).toBeGreaterThan(5 * 2 ** 20);
  },
);
