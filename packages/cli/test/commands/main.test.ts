import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../run-cli.ts';

describe('main()', () => {
  it('prints the version', async () => {
    await using place = await makePlace();
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await place.smcp(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ['--version', '--json'],
    ['--json', '--version'],
  ])('prints the version for machines with %s %s', async (...args) => {
    await using place = await makePlace();
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await place.smcp(args)).toEqual({
      code: 0,
      stdout: `{"version":"${version}"}\n`,
      stderr: '',
    });
  });

  it.each([
    ['nothing', ['--home', '', 'keys', 'list'], 'nothing'],
    ['nothing after =', ['keys', 'list', '--home='], 'nothing'],
    ['the next option', ['--home', '--version'], 'an option'],
    ['an option after =', ['keys', 'list', '--home=--x'], 'an option'],
  ])('refuses --home with %s', async (_what, args, found) => {
    await using place = await makePlace();
    expect(await place.smcp(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `smcp: --home must name a folder, not ${found}\n`,
    });
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('never takes --json for the state folder', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['keys', 'list', '--home', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'USAGE', message: '--home must name a folder, not an option' },
    });
  });

  it('documents the exit codes in its help', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Exit codes: 0 ok, 1 failure, 2 usage or configuration error, 3 denied by policy',
    );
  });

  it('helps with examples for every command', async () => {
    await using place = await makePlace();
    const { stdout } = await place.smcp(['--help']);
    const groups = [...stdout.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help' && name !== 'demo');
    expect(groups).toEqual([
      'gateway',
      'stdio',
      'run',
      'types',
      'scripts',
      'sessions',
      'servers',
      'keys',
      'agents',
      'delegation',
      'secrets',
      'policy',
      'approvals',
      'audit',
      'config',
      'discover',
      'doctor',
    ]);
    for (const group of groups) {
      const help = (await place.smcp([group, '--help'])).stdout;
      const below = [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)]
        .map(([, name = '']) => name)
        .filter((name) => name !== 'help');
      for (const path of below.length === 0 ? [[group]] : below.map((name) => [group, name])) {
        const { code, stdout: text } = await place.smcp([...path, '--help']);
        expect([path, code, text.includes('Examples:')]).toEqual([path, 0, true]);
      }
    }
  });

  it.each([
    ['an unknown command', ['ploicy'], "Unknown command 'ploicy' (Did you mean policy?)"],
    ['an unknown command of a group', ['keys', 'crate'], "Unknown command 'crate' (Did you mean create?)"],
    ['an unknown option', ['keys', 'list', '--jsno'], "Unknown option '--jsno' (Did you mean --json?)"],
    ['a missing argument', ['keys', 'revoke'], "Missing required argument 'name'"],
    ['a missing option', ['keys', 'create', 'a'], "Required option '--role <role...>' not specified"],
    [
      'an argument too many',
      ['secrets', 'set', 'a', 'hunter2'],
      "Too many arguments for 'set'. Expected 1 argument but got 2.",
    ],
    [
      'a choice that is none',
      ['audit', 'list', '--effect', 'maybe'],
      "Option '--effect <effect>' argument 'maybe' is invalid. Allowed choices are allow, deny, ask.",
    ],
  ])('refuses %s with exit code 2', async (_what, args, message) => {
    await using place = await makePlace();
    expect(await place.smcp(args)).toEqual({ code: 2, stdout: '', stderr: `smcp: ${message}\n` });
    const { code, stdout, stderr } = await place.smcp([...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'USAGE', message } });
  });

  it('shows the commands of a group that is called alone, and refuses', async () => {
    await using place = await makePlace();
    const { code, stdout, stderr } = await place.smcp(['audit']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('verify');
  });

  it('takes --json and --home before and after the command', async () => {
    await using place = await makePlace();
    const other = place.file('other');
    await place.smcp(['--home', other, 'keys', 'create', 'a', '--role', 'r']);
    const { stdout } = await place.smcp(['keys', 'list', '--json', '--home', other]);
    expect(JSON.parse(stdout).keys).toMatchObject([{ id: 'key:a' }]);
    expect(JSON.parse((await place.smcp(['--json', 'keys', 'list'])).stdout)).toEqual({ keys: [] });
  });

  it('tells what is wrong with an insecure state folder, and how to mend it', async () => {
    await using place = await makePlace();
    await place.smcp(['keys', 'list']);
    await import('node:fs/promises').then(({ chmod }) => chmod(place.home, 0o755));
    const { code, stdout } = await place.smcp(['keys', 'list', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'HOME_INSECURE',
      message: expect.stringContaining('chmod 700'),
    });
  });
});
