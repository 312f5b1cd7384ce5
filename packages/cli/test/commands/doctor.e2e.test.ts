import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makePlace, runCommand, type Place } from '../run-cli.ts';

async function examine(place: Place, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await place.smcp(['doctor', '--json'], { env });
  const { ok, findings } = JSON.parse(stdout);
  return {
    code,
    ok,
    find: (what: string) => findings.find((finding: { what: string }) => finding.what === what),
  };
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

  it('starts what runs scripts, and tells which layers contain them [S3-55]', async () => {
    await using place = await makePlace();
    const { find } = await examine(place);
    expect(find('script sandbox')).toMatchObject({
      status: expect.stringMatching(/^(?:ok|warning)$/),
      needed: false,
      detail: expect.stringMatching(/^pooled; self-test passed: .*isolate/),
    });
    expect(find('script check')).toMatchObject({ status: 'ok', detail: 'finds mistakes' });
    expect(find('script users')).toBeUndefined();
  });

  it('says what a machine without bubblewrap lacks, and how to get it', async () => {
    await using place = await makePlace();
    const { find } = await examine(place, { PATH: place.file('empty') });
    expect(find('script sandbox')).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('install bubblewrap'),
    });
  });

  it('fails when scripts are configured to be contained more than this machine can', async () => {
    await using place = await makePlace();
    await place.write(
      'smcp.yaml',
      'code_mode: { containment: required }\nroles: { eng: { allow: ["files:*"] } }',
    );
    const { code, stdout } = await runCommand(place, ['doctor', '--json'], {
      env: { PATH: place.file('empty') },
    });
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ what: 'script sandbox', status: 'missing', needed: true }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ what: 'script users', status: 'warning', needed: false }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ what: 'script processes', status: 'ok' }));
  });

  it('does not ask for the compiler when nothing is checked', async () => {
    await using place = await makePlace();
    await place.write('smcp.yaml', 'code_mode: { check: false }\nroles: { eng: { allow: ["*:*"] } }');
    const { findings } = JSON.parse((await runCommand(place, ['doctor', '--json'])).stdout);
    const whats = findings.map(({ what }: { what: string }) => what);
    expect(whats).toContain('script users');
    expect(whats).not.toContain('script check');
  });
});
