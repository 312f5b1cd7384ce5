import { chmod, mkdir, writeFile } from 'node:fs/promises';
import type { ScriptChecker } from '@smcp/codemode';
import { loadConfig, withCodeMode, type LoadedConfig } from '@smcp/gateway';
import type { Layer } from '@smcp/sandbox';
import { describe, expect, it } from 'vitest';
import { checkNode } from '../../src/commands/doctor/own-checks.ts';
import { checkPrograms } from '../../src/commands/doctor/program-checks.ts';
import { judgeRunners, judgeScriptUsers } from '../../src/commands/doctor/code-mode-check.ts';
import { checkCompiler, judgeSandbox } from '../../src/commands/doctor/sandbox-check.ts';
import { judgeWorkers } from '../../src/commands/doctor/worker-check.ts';
import { makePlace } from '../run-cli.ts';

/** Puts a program of that name into a folder. */
async function fakeProgram(folder: string, name: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(`${folder}/${name}`, 0o755);
}

describe('judgeWorkers()', () => {
  it.each([
    [1, 1, 'ok'],
    [1, 2, 'ok'],
    [2, 2, 'warning'],
    [2, 3, 'warning'],
    [3, 4, 'ok'],
    [4, 4, 'warning'],
    [63, 64, 'ok'],
    [64, 64, 'warning'],
    [64, 128, 'ok'],
  ])('calls %i workers on %i cores %s', (workers, cores, status) => {
    expect(judgeWorkers(workers, cores)).toMatchObject({ what: 'workers', status, needed: false });
  });

  it('says how many would do', () => {
    expect(judgeWorkers(2, 2).remedy).toContain('set workers to 1');
    expect(judgeWorkers(8, 8).remedy).toContain('set workers to at most 7');
    expect(judgeWorkers(3, 4).remedy).toBeUndefined();
  });
});

describe('checkNode()', () => {
  it.each([
    ['v24.0.0', 'ok'],
    ['v23.11.1', 'missing'],
    ['v100.0.0', 'ok'],
    ['nonsense', 'missing'],
  ])('calls %s %s', (version, status) => {
    expect(checkNode(version)).toMatchObject({ status, needed: true });
  });
});

describe('checkPrograms()', () => {
  it('tells a runtime that does not answer from one that is not there, and takes the next', async () => {
    await using place = await makePlace();
    const bin = place.file('bin');
    await fakeProgram(bin, 'docker', 'exit 1');
    const runtime = async () =>
      (await checkPrograms({ PATH: bin })).find(({ what }) => what === 'container runtime');
    expect(await runtime()).toMatchObject({
      status: 'missing',
      detail: 'docker is here but does not answer',
    });
    await fakeProgram(bin, 'podman', 'echo podman 5.2');
    expect(await runtime()).toMatchObject({ status: 'ok', detail: 'podman 5.2' });
  });

  it('gives the programs nothing of our environment', async () => {
    await using place = await makePlace();
    const bin = place.file('bin');
    await fakeProgram(bin, 'git', 'echo "[$SMCP_MASTER_KEY]"');
    const findings = await checkPrograms({ PATH: bin, SMCP_MASTER_KEY: 'hunter2' });
    expect(findings.find(({ what }) => what === 'git')?.detail).toBe('[]');
  });
});

describe('judgeSandbox()', () => {
  const layer = (name: string, active: boolean, note = 'why') => ({ name, active, note }) as Layer;
  const wanted = { containment: 'auto', level: 'pooled', needed: true } as const;

  it('is content when every layer is active', () => {
    const layers = [layer('namespaces', true), layer('isolate', true)];
    expect(judgeSandbox(wanted, { ok: true, containment: { level: 'pooled', layers } })).toEqual({
      what: 'script sandbox',
      purpose: 'contains scripts',
      needed: true,
      status: 'ok',
      detail: 'pooled; self-test passed: namespaces, isolate',
    });
  });

  it('warns of a layer that is not active, and says why', () => {
    const layers = [layer('namespaces', false, 'install bubblewrap'), layer('isolate', true)];
    expect(judgeSandbox(wanted, { ok: true, containment: { level: 'oneshot', layers } })).toMatchObject({
      status: 'warning',
      detail: 'oneshot; self-test passed: isolate',
      remedy: 'namespaces is not active: install bubblewrap',
    });
  });

  it.each([
    ['auto', true, 'no script is run until this is mended'],
    ['required', false, 'apt-get install bubblewrap; or say containment: auto'],
  ] as const)('tells why the self-test failed with %s', (containment, needed, remedy) => {
    const finding = judgeSandbox({ ...wanted, containment, needed }, { ok: false, reason: 'a leak' });
    expect(finding).toMatchObject({ status: 'missing', needed, detail: 'the self-test failed: a leak' });
    expect(finding.remedy).toContain(remedy);
  });
});

describe('checkCompiler()', () => {
  const checker = (check: ScriptChecker['check']): ScriptChecker => ({
    check,
    [Symbol.asyncDispose]: async () => undefined,
  });

  it('is content with a compiler that finds a mistake', async () => {
    const diagnostics = [{ line: 1, column: 7, code: 2322, message: 'x', related: [] }];
    const finding = await checkCompiler(true, () =>
      checker(async () => ({ ok: false, diagnostics, more: 0 })),
    );
    expect(finding).toMatchObject({ status: 'ok', needed: true });
  });

  it('refuses one that finds a wrong script right', async () => {
    const finding = await checkCompiler(true, () => checker(async () => ({ ok: true, declares: '' })));
    expect(finding).toMatchObject({ status: 'missing', detail: 'a wrong script was found right' });
  });

  it('says why there is none', async () => {
    const finding = await checkCompiler(false, () =>
      checker(() => Promise.reject(new Error('not installed'))),
    );
    expect(finding).toMatchObject({ status: 'missing', needed: false, detail: 'not installed' });
  });
});

describe('judgeScriptUsers()', () => {
  const usersOf = async (roles: object) => {
    const text = JSON.stringify({ roles });
    const readFile = async () => ({ ok: true, text }) as const;
    const git = async (): Promise<undefined> => undefined;
    const { policy } = await loadConfig({ file: 'smcp.json', env: {}, readFile, git });
    return judgeScriptUsers(policy);
  };

  it('names the roles that may run scripts', async () => {
    expect(await usersOf({ eng: { allow: ['smcp:smcp_execute'] }, ops: { allow: ['*:*'] } })).toMatchObject({
      status: 'ok',
      detail: 'eng, ops',
    });
  });

  it('counts a role that is asked, and one with conditions', async () => {
    expect(await usersOf({ eng: { ask: ['smcp:*'] } })).toMatchObject({ status: 'ok', detail: 'eng' });
  });

  it.each([
    ['nobody is allowed to', { eng: { allow: ['files:*'] } }],
    ['everybody is denied it', { eng: { allow: ['*:*'], deny: ['smcp:*'] } }],
    ['there are no roles', {}],
  ])('warns when %s', async (_, roles) => {
    expect(await usersOf(roles)).toMatchObject({
      status: 'warning',
      remedy: 'add "smcp:smcp_execute" to what a role allows',
    });
  });
});

describe('judgeRunners()', () => {
  const GIB = 1024 ** 3;
  const judge = (max: number, each: number, sessions: number, memoryBytes: number) => {
    const config = withCodeMode({ config: {} } as LoadedConfig).config.code_mode;
    if (config === undefined) throw new Error('No code mode');
    const { runners, sessions: limits } = config;
    return judgeRunners(
      {
        ...config,
        runners: { ...runners, max, max_per_principal: each },
        sessions: { ...limits, max_per_principal: sessions },
      },
      memoryBytes,
    );
  };

  it.each([
    ['the defaults', 16, 8, 4, 4 * GIB, 'ok'],
    ['one process left beside the sessions', 16, 8, 7, 4 * GIB, 'ok'],
    ['sessions for every process of a principal', 16, 8, 8, 4 * GIB, 'warning'],
    ['sessions for every process there is', 4, 8, 4, 4 * GIB, 'warning'],
    ['half of the memory', 40, 8, 4, 40 * 2 * 50 * 1024 ** 2, 'ok'],
    ['more than half of the memory', 41, 8, 4, 40 * 2 * 50 * 1024 ** 2, 'warning'],
  ])('calls %s %s', (_, max, each, sessions, memory, status) => {
    expect(judge(max, each, sessions, memory).status).toBe(status);
  });

  it('says what to change, each reason once', () => {
    const { remedy = '' } = judge(100, 8, 8, GIB);
    expect(remedy).toContain('set sessions.max_per_principal lower');
    expect(remedy).toContain('100 processes take about 5000 MiB: set runners.max lower');
  });
});
