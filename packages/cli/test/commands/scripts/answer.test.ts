import { describe, expect, it } from 'vitest';
import { makePlace } from '../../run-cli.ts';
import { atTerminal, recorded, saved, versions } from './scripts-place.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('smcp scripts approve', () => {
  it('makes a script that waits a tool, and records who did', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const { code, stdout } = await place.smcp(['scripts', 'approve', 'count_letters', '--by', 'dana']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Approved count_letters@1: it is the tool scripts:count_letters now\n',
    });
    expect(await versions(place, 'count_letters')).toEqual(['1 approved operator:dana']);
    expect(await recorded(place)).toMatchObject([
      {
        event: 'script.approved',
        detail: {
          tenant: 'default',
          name: 'count_letters',
          version: 1,
          digest: DIGEST,
          servers: ['files'],
          by: 'dana',
        },
      },
    ]);
  });

  it('retires the version that it replaces', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await place.smcp(['scripts', 'approve', 'count_letters', '--by', 'dana']);
    await saved(place, 'count_letters', { code: 'return 2', digest: `sha256:${'b'.repeat(64)}` });
    await place.smcp(['scripts', 'approve', 'count_letters', '--by', 'eve']);
    expect(await versions(place, 'count_letters')).toEqual([
      '2 approved operator:eve',
      '1 retired operator:eve',
    ]);
  });

  it('wants a version when several wait, and takes the one that is named', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await saved(place, 'count_letters', { code: 'return 2' });
    const unnamed = await place.smcp(['scripts', 'approve', 'count_letters', '--json']);
    expect(unnamed.code).toBe(2);
    expect(JSON.parse(unnamed.stdout).error).toMatchObject({
      code: 'USAGE',
      remedy: 'name one: count_letters@2, count_letters@1',
    });
    expect((await place.smcp(['scripts', 'approve', 'count_letters@1', '--by', 'dana'])).code).toBe(0);
    expect(await versions(place, 'count_letters')).toEqual(['2 waiting -', '1 approved operator:dana']);
  });

  it('approves what has the digest that was looked at, and nothing else', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const other = await place.smcp(['scripts', 'approve', 'count_letters', '--digest', 'sha256:bbbbbbbb']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('has another digest');
    expect(await versions(place, 'count_letters')).toEqual(['1 waiting -']);
    const same = await place.smcp(['scripts', 'approve', 'count_letters', '--digest', DIGEST.slice(0, 16)]);
    expect(same.code).toBe(0);
  });

  it.each([
    ['a name that is none', ['Count'], 2, 'USAGE'],
    ['a version that is no number', ['count_letters@two'], 2, 'USAGE'],
    ['version 0', ['count_letters@0'], 2, 'USAGE'],
    ['a digest that is none', ['count_letters', '--digest', 'aaaa'], 2, 'USAGE'],
    ['a name for the record that could be anything', ['count_letters', '--by', 'a b'], 2, 'USAGE'],
    ['a script that is not there', ['other'], 1, 'NOT_FOUND'],
    ['a version that is not there', ['count_letters@7'], 1, 'NOT_FOUND'],
    ['a script of another tenant', ['count_letters', '--tenant', 'acme'], 1, 'NOT_FOUND'],
  ])('refuses %s, and changes nothing', async (_, args, exit, code) => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const ran = await place.smcp(['scripts', 'approve', ...args, '--json']);
    expect(ran.code).toBe(exit);
    expect(JSON.parse(ran.stdout).error.code).toBe(code);
    expect(await versions(place, 'count_letters')).toEqual(['1 waiting -']);
    expect(await recorded(place)).toEqual([]);
  });

  it('refuses what was answered before', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await place.smcp(['scripts', 'reject', 'count_letters', '--by', 'dana']);
    const byName = await place.smcp(['scripts', 'approve', 'count_letters', '--json']);
    expect(JSON.parse(byName.stdout).error.code).toBe('NOT_FOUND');
    const byVersion = await place.smcp(['scripts', 'approve', 'count_letters@1', '--json']);
    expect(JSON.parse(byVersion.stdout).error).toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('does not wait'),
    });
    expect(await versions(place, 'count_letters')).toEqual(['1 rejected operator:dana']);
  });

  it('shows a person what would become a tool, and asks', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters', { findings: ['"eval" at 1:1 makes code out of text'] });
    const { code, stdout, stderr } = await atTerminal(place, 'n\n', 'approve', 'count_letters');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Nothing was approved; count_letters@1 waits\n' });
    expect(stderr).toContain('return String(path).length;');
    expect(stderr).toContain('"eval" at 1:1');
    expect(stderr).toContain('Make this a tool? [y/N]');
    expect(await versions(place, 'count_letters')).toEqual(['1 waiting -']);
  });

  it.each([
    ['a yes', ['y\n', 'approve', 'count_letters']],
    ['--yes, without a question', ['', 'approve', 'count_letters', '--yes']],
  ])('takes %s', async (_, [typed = '', ...args]) => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    expect((await atTerminal(place, typed, ...args)).code).toBe(0);
    expect((await versions(place, 'count_letters'))[0]).toMatch(/^1 approved /);
  });

  it('shows nothing of a script to the terminal as the script wants it', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters', {
      code: 'return "\u001b[2J\u202e";',
      description: 'x\u001b[31m',
      servers: ['fi\u202eles'],
    });
    const { stderr } = await atTerminal(place, 'n\n', 'approve', 'count_letters');
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('\u202e');
    expect(stderr).toContain('\\x1b[2J');
  });
});

describe('smcp scripts reject', () => {
  it('refuses a script for good, without a question, and records it', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const { code, stdout } = await atTerminal(place, '', 'reject', 'count_letters', '--by', 'dana');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Rejected count_letters@1\n' });
    expect(await versions(place, 'count_letters')).toEqual(['1 rejected operator:dana']);
    expect(await recorded(place)).toMatchObject([{ event: 'script.rejected', detail: { by: 'dana' } }]);
  });
});

describe('smcp scripts retire', () => {
  it('takes a script out of force, and records it', async () => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    await place.smcp(['scripts', 'approve', 'count_letters', '--by', 'dana']);
    const { code, stdout } = await place.smcp([
      'scripts',
      'retire',
      'count_letters',
      '--by',
      'eve',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      tenant: 'default',
      name: 'count_letters',
      version: 1,
      retired: true,
    });
    expect(await versions(place, 'count_letters')).toEqual(['1 retired operator:eve']);
    expect((await recorded(place)).map(({ event }) => event)).toEqual(['script.approved', 'script.retired']);
  });

  it.each([
    ['a version', 'count_letters@1', 2, 'USAGE'],
    ['a script of which no version is in force', 'count_letters', 1, 'NOT_FOUND'],
    ['a script that is not there', 'other', 1, 'NOT_FOUND'],
  ])('refuses %s', async (_, name, exit, code) => {
    await using place = await makePlace();
    await saved(place, 'count_letters');
    const ran = await place.smcp(['scripts', 'retire', name, '--json']);
    expect(ran.code).toBe(exit);
    expect(JSON.parse(ran.stdout).error.code).toBe(code);
    expect(await versions(place, 'count_letters')).toEqual(['1 waiting -']);
  });
});
