import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkNode } from '../../src/commands/doctor/own-checks.ts';
import { checkPrograms } from '../../src/commands/doctor/program-checks.ts';
import { judgeWorkers } from '../../src/commands/doctor/worker-check.ts';
import { makePlace, type Place } from '../run-cli.ts';

async function examine(place: Place, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await place.smcp(['doctor', '--json'], { env });
  const { ok, findings } = JSON.parse(stdout);
  return {
    code,
    ok,
    find: (what: string) => findings.find((finding: { what: string }) => finding.what === what),
  };
}

/** Puts a program of that name into a folder. */
async function fakeProgram(folder: string, name: string, script: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
  await chmod(`${folder}/${name}`, 0o755);
}

describe('smcp doctor', () => {
  it('is content with a machine that has nothing but Node', async () => {
    await using place = await makePlace();
    const { code, ok, find } = await examine(place, { PATH: place.file('empty') });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(find('node')).toMatchObject({ status: 'ok', needed: true, detail: process.version });
    expect(find('git')).toMatchObject({
      status: 'missing',
      needed: false,
      remedy: expect.stringContaining('git'),
    });
  });

  it('looks without making a state folder', async () => {
    await using place = await makePlace();
    const { find } = await examine(place);
    expect(find('state folder')).toMatchObject({ status: 'ok', detail: `${place.home}, made at first use` });
    expect((await examine(place)).find('store')).toBeUndefined();
  });

  it('fails when the state folder is open to others, with the command that mends it', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'list']);
    await chmod(place.home, 0o755);
    const { code, ok, find } = await examine(place);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(find('state folder')).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining(`chmod 700 ${place.home}`),
    });
  });

  it('fails when the store cannot be opened', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'list']);
    const { code, find } = await examine(place, { SMCP_STORAGE_URL: 'postgres://db/x' });
    expect(code).toBe(1);
    expect(find('store')).toMatchObject({ status: 'missing', detail: expect.stringContaining('sqlite:') });
  });

  it('shows people a table, remedies and a verdict', async () => {
    await using place = await makePlace();
    const { stdout } = await place.smcp(['doctor'], { env: { PATH: place.file('empty') } });
    expect(stdout).toMatch(/^bubblewrap +absent +not found on PATH/m);
    expect(stdout).toContain('bubblewrap: apt-get install bubblewrap');
    expect(stdout).toContain('Everything the gateway needs is here');
  });
});

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
