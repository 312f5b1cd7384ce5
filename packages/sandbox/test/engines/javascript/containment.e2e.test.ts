import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJavaScriptEngine } from '../../../src/engines/javascript/javascript-engine.ts';
import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import { machineHasBwrap } from '../../helpers/machine.ts';
import { LIES, pretendBwrap, REFUSES } from '../../helpers/pretend-bwrap.ts';
import { isRunning, until } from '../../helpers/processes.ts';
import { rejection } from '../../helpers/rejection.ts';
import { ECHO, limits, script } from '../../helpers/scripts.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures');

describe('createJavaScriptEngine({ containment: "required" })', () => {
  it.runIf(machineHasBwrap)('runs where namespaces and the filter are active', async () => {
    await using engine = createJavaScriptEngine({ containment: 'required' });
    await using session = await engine.open({ owner: 'a', persistent: false });
    expect((await session.run(script('return 1'), ECHO, { limits: limits() })).value).toBe('1');
  });

  it('refuses where bubblewrap is missing, and says how to install it', async () => {
    await using engine = createJavaScriptEngine({ containment: 'required', searchPath: '/smcp-not-there' });
    const refused = await rejection(engine.open({ owner: 'a', persistent: false }));
    expect(refused).toMatchObject({
      code: 'NOT_CONTAINED',
      message: expect.stringMatching(/namespaces \(.*install bubblewrap.*seccomp/u),
    });
    expect(engine.containment.layers.filter(({ active }) => active)).toEqual([]);
    expect(engine.runners).toBeUndefined();
  });

  it('refuses where bubblewrap does not work', async () => {
    await using refusing = await pretendBwrap(REFUSES);
    await using engine = createJavaScriptEngine({ containment: 'required', searchPath: refusing.folder });
    expect(await rejection(engine.ready())).toMatchObject({ code: 'NOT_CONTAINED' });
  });
});

describe('createJavaScriptEngine({ containment: "auto" })', () => {
  it('runs without bubblewrap, and says so', async () => {
    await using engine = createJavaScriptEngine({ searchPath: '/smcp-not-there' });
    await using session = await engine.open({ owner: 'a', persistent: false });
    expect((await session.run(script('return 1'), ECHO, { limits: limits() })).value).toBe('1');
    const namespaces = engine.containment.layers.find(({ name }) => name === 'namespaces');
    expect(namespaces?.active).toBe(false);
  });

  it('refuses when a layer does not do what it says: the self-test finds a bubblewrap that contains nothing', async () => {
    await using lying = await pretendBwrap(LIES);
    await using engine = createJavaScriptEngine({ searchPath: lying.folder });
    const refused = await rejection(engine.open({ owner: 'a', persistent: false }));
    expect(refused).toMatchObject({
      code: 'NOT_CONTAINED',
      message: expect.stringMatching(
        /namespaces: connect was possible.*namespaces: readFile was possible.*seccomp: spawn/u,
      ),
    });
    expect(await rejection(engine.ready())).toBe(refused);
  });
});

describe('JavaScriptEngine.ready()', () => {
  it('tries again some seconds after it failed', async () => {
    let ahead = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
    await using lying = await pretendBwrap(LIES);
    await using engine = createJavaScriptEngine({ searchPath: lying.folder, clock });
    const refused = await rejection(engine.ready());
    await writeFile(path.join(lying.folder, 'bwrap'), `#!/bin/sh\n${REFUSES}\n`);
    expect(await rejection(engine.ready())).toBe(refused);
    ahead = 6000;
    await engine.ready();
    expect(engine.containment.layers.find(({ name }) => name === 'namespaces')?.active).toBe(false);
    expect(engine.containment.layers.find(({ name }) => name === 'isolate')?.active).toBe(true);
  });
});

describe('what surrounds a runner', () => {
  it.each(['auto', 'none'] as const)(
    'ends with its gateway, even when that is killed and the script spins, containment "%s"',
    async (containment) => {
      const gateway = spawn(process.execPath, [path.join(FIXTURES, 'gateway.ts'), containment, 'for (;;);'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await new Promise<string[]>((resolve) => {
        gateway.stdout.once('data', (chunk: Buffer) => {
          resolve(chunk.toString().split('\n'));
        });
      });
      const pids = JSON.parse(line ?? '') as number[];
      expect(pids.length).toBeGreaterThan(0);
      expect(pids.every(isRunning)).toBe(true);
      gateway.kill('SIGKILL');
      await until('the runner has ended', () => !pids.some(isRunning));
    },
  );

  it.runIf(process.getuid?.() === 0)('works for a user without rights too', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(FIXTURES, 'unprivileged.ts')], {
      uid: 65_534,
      gid: 65_534,
      env: {},
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const { value, active } = JSON.parse(stdout);
    expect(value).toBe('42');
    expect(active).toEqual(
      machineHasBwrap
        ? ['namespaces', 'seccomp', 'isolate', 'jitless', 'memory-limit', 'process']
        : ['isolate', 'jitless', 'memory-limit', 'process'],
    );
  });
});
