import { execFile } from 'node:child_process';
import { access, chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { createGitRunner, readGitSource } from '../../src/config/git-source.ts';
import { makeTempFolder, type TempFolder } from './temp-folder.ts';

const run = promisify(execFile);
const PATH = process.env['PATH'];

async function git(folder: TempFolder, ...args: readonly string[]): Promise<string> {
  const identity = [
    '-c',
    'user.name=Tester',
    '-c',
    'user.email=tester@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  const { stdout } = await run('git', ['-C', folder.path, ...identity, ...args], {
    env: { PATH, GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  return stdout.trim();
}

describe('readGitSource()', () => {
  it('names the commit that last changed the file, and whether the file differs from it [S1-21]', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: {}\n');
    await git(folder, 'init', '-q');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-qm', 'one');
    const commit = await git(folder, 'rev-parse', 'HEAD');
    await folder.write('other', 'x');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-qm', 'two');
    const runGit = createGitRunner({ PATH });
    expect(await readGitSource(file, runGit)).toEqual({ file, commit, dirty: false });
    await folder.write('smcp.yaml', 'log: { level: warn }\n');
    expect(await readGitSource(file, runGit)).toEqual({ file, commit, dirty: true });
    const loaded = await loadConfig({ file, env: { PATH } });
    expect(loaded.source).toEqual({ file, commit, dirty: true });
    expect(loaded.policy.source).toEqual({ file, commit, dirty: true });
  });

  it('says nothing of a file that git does not have, or of a folder without repository', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: {}\n');
    const runGit = createGitRunner({ PATH });
    expect(await readGitSource(file, runGit)).toEqual({ file });
    await git(folder, 'init', '-q');
    expect(await readGitSource(file, runGit)).toEqual({ file });
    await folder.write('other', 'x');
    await git(folder, 'add', 'other');
    await git(folder, 'commit', '-qm', 'one');
    expect(await readGitSource(file, runGit)).toEqual({ file });
  });

  it('says nothing without git', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: {}\n');
    expect(await readGitSource(file, createGitRunner({ PATH: folder.path }))).toEqual({ file });
    expect((await loadConfig({ file, env: {}, git: async () => undefined })).source).toEqual({ file });
  });

  it('takes a strange answer of git for none', async () => {
    expect(await readGitSource('/x/smcp.yaml', async () => 'fatal: something\n')).toEqual({
      file: '/x/smcp.yaml',
    });
    const commit = 'a'.repeat(40);
    const onlyLog = async (args: readonly string[]): Promise<string | undefined> =>
      args[0] === 'log' ? `${commit}\n` : undefined;
    expect(await readGitSource('/x/smcp.yaml', onlyLog)).toEqual({ file: '/x/smcp.yaml', commit });
  });

  it('takes a file name for a name, whatever it looks like', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write(':(glob)*', 'log: {}\n');
    await folder.write('smcp.yaml', 'log: {}\n');
    await git(folder, 'init', '-q');
    await git(folder, 'add', 'smcp.yaml');
    await git(folder, 'commit', '-qm', 'one');
    expect(await readGitSource(file, createGitRunner({ PATH }))).toEqual({ file });
  });
});

describe('createGitRunner()', () => {
  it('runs no program that the repository names', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: {}\n');
    await git(folder, 'init', '-q');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-qm', 'one');
    const trap = await folder.write('trap.sh', `#!/bin/sh\ntouch ${folder.path}/sprung\n`);
    await chmod(trap, 0o755);
    await git(folder, 'config', 'core.fsmonitor', trap);
    await git(folder, 'config', 'core.hooksPath', folder.path);
    await git(folder, 'config', 'log.showSignature', 'true');
    await git(folder, 'config', 'gpg.program', trap);
    expect(await readGitSource(file, createGitRunner({ PATH }))).toMatchObject({ dirty: false });
    await expect(access(`${folder.path}/sprung`)).rejects.toThrow('ENOENT');
  });

  it('hands git nothing but PATH from the environment', async () => {
    await using folder = await makeTempFolder();
    await folder.write('git', '#!/bin/sh\n/usr/bin/env\n', 0o700);
    const output = await createGitRunner({ PATH: folder.path, ALICE_KEY: 'secret', GIT_DIR: '/elsewhere' })(
      ['log'],
      folder.path,
    );
    expect(output).toContain(`PATH=${folder.path}`);
    expect(output).not.toContain('ALICE_KEY');
    expect(output).not.toContain('GIT_DIR');
  });

  it('gives up on more output than it wants', async () => {
    await using folder = await makeTempFolder();
    await folder.write(
      'git',
      '#!/bin/sh\nwhile :; do echo 0123456789012345678901234567890123456789; done\n',
      0o700,
    );
    expect(await createGitRunner({ PATH: folder.path })(['log'], folder.path)).toBeUndefined();
  });
});
