import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../../run-cli.ts';
import { CODE, saved } from './scripts-place.ts';

describe('smcp scripts list', () => {
  it('says so when there is none, and makes no state folder', async () => {
    await using place = await makePlace();
    expect(await place.smcp(['scripts', 'list'])).toEqual({
      code: 0,
      stdout: 'There are no saved scripts\n',
      stderr: '',
    });
    expect(existsSync(place.home)).toBe(false);
  });

  it('shows what waits or is in force, of every tenant', async () => {
    await using place = await makePlace();
    await saved(place, 'alpha');
    await saved(place, 'beta', { tenant: 'acme', servers: ['github', 'jira'], findings: ['x', 'y'] });
    await saved(place, 'gamma');
    await place.smcp(['scripts', 'reject', 'gamma']);
    const { stdout } = await place.smcp(['scripts', 'list']);
    expect(stdout).toMatch(/^beta +1 +waiting +github, jira +acme +key:alice +2026-11-20 14:00 +2$/m);
    expect(stdout).toMatch(/^alpha +1 +waiting +files +default/m);
    expect(stdout).not.toContain('gamma');
  });

  it('shows everything with --all, for machines without code', async () => {
    await using place = await makePlace();
    await saved(place, 'gamma');
    await place.smcp(['scripts', 'reject', 'gamma', '--by', 'dana']);
    const { scripts } = JSON.parse((await place.smcp(['scripts', 'list', '--all', '--json'])).stdout);
    expect(scripts).toMatchObject([
      {
        name: 'gamma',
        version: 1,
        state: 'rejected',
        answeredBy: 'operator:dana',
        savedAt: '2026-11-20T14:00:00.000Z',
        answeredAt: expect.stringMatching(/^\d{4}-/),
      },
    ]);
    expect(scripts[0]).not.toHaveProperty('code');
  });
});

describe('smcp scripts show', () => {
  it('shows code, signature and that nothing was found', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const { code, stdout } = await place.smcp(['scripts', 'show', 'count_letters']);
    expect(code).toBe(0);
    expect(stdout).toContain('Script:   count_letters@1');
    expect(stdout).toContain('type CountLettersArgs = { path: string };');
    expect(stdout).toContain('  return String(path).length;');
    expect(stdout).toContain('Nothing in it was found worth a second look');
    expect(stdout).not.toContain('Against');
  });

  it('shows what differs from the version in force: code, servers and schema', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await place.smcp(['scripts', 'approve', 'count_letters']);
    await saved(place, 'count_letters', {
      code: CODE.replace('length', 'length + 1'),
      servers: ['files', 'mail'],
      inputSchema: { type: 'object' },
    });
    const { stdout } = await place.smcp(['scripts', 'show', 'count_letters']);
    expect(stdout).toContain('Replaces: count_letters@1');
    expect(stdout).toContain('Against count_letters@1, which is in force');
    expect(stdout).toMatch(/^-return String\(path\)\.length;$/m);
    expect(stdout).toMatch(/^\+return String\(path\)\.length \+ 1;$/m);
    expect(stdout).toMatch(/^\+ {4}"mail"$/m);
    expect(stdout).toMatch(/^- {6}"path": \{$/m);
  });

  it('shows the version in force when none waits, and any that is named', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await place.smcp(['scripts', 'approve', 'count_letters']);
    const inForce = JSON.parse((await place.smcp(['scripts', 'show', 'count_letters', '--json'])).stdout);
    expect(inForce).toMatchObject({ version: 1, state: 'approved', code: CODE, inForce: null });
    await saved(place, 'count_letters', { code: 'return 2' });
    const waiting = JSON.parse((await place.smcp(['scripts', 'show', 'count_letters', '--json'])).stdout);
    expect(waiting).toMatchObject({ version: 2, state: 'waiting', inForce: 1 });
    const first = JSON.parse((await place.smcp(['scripts', 'show', 'count_letters@1', '--json'])).stdout);
    expect(first).toMatchObject({ version: 1 });
  });

  it('keeps a description from leaving the comment of the signature', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters', { description: '*/ evil(); /*' });
    const { signature } = JSON.parse(
      (await place.smcp(['scripts', 'show', 'count_letters', '--json'])).stdout,
    );
    expect(signature).not.toContain('*/ evil()');
  });

  it.each([
    ['nowhere', 1, 'NOT_FOUND'],
    ['count_letters@9', 1, 'NOT_FOUND'],
    ['__proto__', 2, 'USAGE'],
  ])('refuses %s', async (name, exit, code) => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const ran = await place.smcp(['scripts', 'show', name, '--json']);
    expect(ran.code).toBe(exit);
    expect(JSON.parse(ran.stdout).error.code).toBe(code);
  });
});
