import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from '../lifetime/workspace.ts';
import { ifCpuMicros, ifResidentBytes } from '../lifetime/process-usage.ts';

function program(workspace: Workspace, source: string): string {
  const file = join(workspace.folder, 'program.mjs');
  writeFileSync(file, source);
  return file;
}

const SAY_READY = `process.send({ pid: process.pid, env: process.env }); process.on('disconnect', () => process.exit(0));`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('Workspace', () => {
  it('removes its folder and ends its processes when disposed', async () => {
    const workspace = new Workspace();
    const started = workspace.start('ready', [program(workspace, SAY_READY)], { channel: true });
    await started.firstMessage();
    expect(isAlive(started.pid)).toBe(true);
    await workspace[Symbol.asyncDispose]();
    expect(isAlive(started.pid)).toBe(false);
    expect(existsSync(workspace.folder)).toBe(false);
  });

  it('ends a process that ignores the request to end, and what it started', async () => {
    const workspace = new Workspace();
    const source = `
      import { spawn } from 'node:child_process';
      process.on('SIGTERM', () => {});
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      process.send({ child: child.pid });`;
    const started = workspace.start('stubborn', [program(workspace, source)], { channel: true });
    const { child } = (await started.firstMessage()) as { readonly child: number };
    await workspace[Symbol.asyncDispose]();
    expect(isAlive(started.pid)).toBe(false);
    expect(isZombieOrGone(child)).toBe(true);
  });

  it('leaves no listeners behind and can be disposed twice', async () => {
    const before = process.listenerCount('SIGINT');
    const workspace = new Workspace();
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    await Promise.all([workspace[Symbol.asyncDispose](), workspace[Symbol.asyncDispose]()]);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('start() gives the program nothing of our environment but PATH', async () => {
    await using workspace = new Workspace();
    const started = workspace.start('ready', [program(workspace, SAY_READY)], { channel: true });
    const { env } = (await started.firstMessage()) as { readonly env: Record<string, string> };
    expect(
      Object.keys(env)
        .filter((name) => !name.startsWith('NODE_CHANNEL'))
        .toSorted(),
    ).toEqual(['HOME', 'NODE_ENV', 'PATH']);
    expect(env['HOME']).toBe(workspace.folder);
  });

  it('start() refuses once the run is over', async () => {
    const workspace = new Workspace();
    await workspace[Symbol.asyncDispose]();
    expect(() => workspace.start('late', ['-v'], { channel: false })).toThrow('the run is over');
  });

  it('firstMessage() fails with the end of the log when the program ends early', async () => {
    await using workspace = new Workspace();
    const source = `console.error('no such luck'); process.exit(3);`;
    const started = workspace.start('short-lived', [program(workspace, source)], { channel: true });
    await expect(started.firstMessage()).rejects.toThrow(
      /short-lived ended before it was ready\n.*no such luck/s,
    );
    expect(readdirSync(workspace.folder)).toContain('0.log');
  });
});

describe.runIf(existsSync('/proc/self/stat'))('process usage', () => {
  it('reads memory and CPU time of a process', () => {
    expect(ifResidentBytes(process.pid)).toBeGreaterThan(10 * 1024 * 1024);
    expect(ifCpuMicros(process.pid)).toBeGreaterThan(0);
  });

  it('gives undefined for a process that does not exist', () => {
    expect(ifResidentBytes(2 ** 30)).toBeUndefined();
    expect(ifCpuMicros(2 ** 30)).toBeUndefined();
  });
});

/** A process that was killed may wait for its new parent to notice; it runs no more. */
function isZombieOrGone(pid: number): boolean {
  return !isAlive(pid) || ifResidentBytes(pid) === undefined;
}
