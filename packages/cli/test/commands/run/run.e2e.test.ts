import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  commandEnv,
  exitOf,
  makePlace,
  runCommand,
  startCommand,
  type Place,
  type Ran,
} from '../../run-cli.ts';

const FILES = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/server-filesystem/package.json')),
  'dist/index.js',
);
const BIN = fileURLToPath(new URL('../../../bin', import.meta.url));

/** A place with the server `files`, which shares its folder `shared`, and roles for it. */
async function makeFilesPlace(): Promise<Place> {
  const place = await makePlace();
  await mkdir(place.file('shared'));
  await writeFile(place.file('shared/a.txt'), 'alpha\n');
  const node = JSON.stringify(process.execPath);
  await place.write(
    'smcp.yaml',
    `
servers:
  files: { command: ${node}, args: [${JSON.stringify(FILES)}, ${JSON.stringify(place.file('shared'))}] }
roles:
  dev: { allow: ["files:*", "smcp:*"], deny: ["files:move_file"] }
  asked: { allow: ["files:*", "smcp:*"], ask: ["files:write_file"] }
  none: { allow: ["files:*"] }
`,
  );
  return place;
}

/** Runs a script at a place in a role; its paths are below `shared`. */
async function run(place: Place, code: string, ...more: readonly string[]): Promise<Ran> {
  await place.write('script.ts', code.replaceAll('SHARED', place.file('shared')));
  const args = ['run', 'script.ts', '--config', 'smcp.yaml', '--role', 'dev', ...more];
  return await runCommand(place, args);
}

/** Runs a script where there is no server at all. */
async function runAlone(code: string, ...more: readonly string[]): Promise<Ran> {
  await using place = await makePlace();
  await place.write('script.ts', code);
  return await runCommand(place, ['run', 'script.ts', ...more], { env: { HOME: place.folder } });
}

describe('smcp run', () => {
  it('prints the value of a script that reaches nothing, within a few seconds', async () => {
    const began = performance.now();
    expect(await runAlone('return 1')).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('keeps what a script prints apart from what it says to people, in order', async () => {
    const code = `console.log('one'); console.error('two'); console.log(''); console.log({ a: 1 }); return 'end';`;
    expect(await runAlone(code)).toEqual({
      code: 0,
      stdout: 'one\n\n{ a: 1 }\nend\n',
      stderr: 'two\n',
    });
  });

  it('prints while the script runs', async () => {
    await using place = await makePlace();
    await place.write(
      'script.ts',
      `console.log('first'); await new Promise((done) => setTimeout(done, 60_000));`,
    );
    const child = startCommand(place, ['run', 'script.ts'], { env: { HOME: place.folder } });
    const ended = exitOf(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('reads a script from standard input', async () => {
    await using place = await makePlace();
    const ran = await runCommand(place, ['run', '-', '--arg', 'who=you'], {
      input: 'return `hello ${args.who}`',
      env: { HOME: place.folder },
    });
    expect(ran).toEqual({ code: 0, stdout: 'hello you\n', stderr: '' });
  });

  it('starts a file by itself, with places as the file has them', async () => {
    await using place = await makePlace();
    await writeFile(
      join(place.folder, 'smcp'),
      `#!/bin/sh\nexec "${process.execPath}" "${BIN}/smcp.js" "$@"\n`,
    );
    await chmod(join(place.folder, 'smcp'), 0o755);
    await place.write(
      'hello.ts',
      '#!/usr/bin/env -S smcp run\nconst n: number = Number(args.n);\nif (n > 1) throw new Error("n is " + n);\nreturn n;\n',
    );
    await chmod(place.file('hello.ts'), 0o755);
    const env = {
      ...commandEnv(place),
      HOME: place.folder,
      PATH: [place.folder, process.env['PATH']].join(delimiter),
    };
    const start = promisify(execFile);
    const good = await start('./hello.ts', ['--arg', 'n=1'], { cwd: place.folder, env });
    expect(good).toEqual({ stdout: '1\n', stderr: '' });
    const bad = await start('./hello.ts', ['--arg', 'n=2'], { cwd: place.folder, env }).catch(
      (error: unknown) => error,
    );
    expect(bad).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('hello.ts:3:18 Error: n is 2\n    if (n > 1) throw new Error'),
    });
  });

  it('runs JavaScript by its name', async () => {
    await using place = await makePlace();
    await place.write('script.js', 'return [1, 2].map((n) => n * 2)');
    const { stdout } = await runCommand(place, ['run', 'script.js'], { env: { HOME: place.folder } });
    expect(JSON.parse(stdout)).toEqual([2, 4]);
  });

  it.each([
    ['a wrong type', 'const a: number = "text";', 'script.ts:1:7 error TS2322'],
    ['a name that is none', 'return nothingOfThat', 'script.ts:1:8 error TS2304'],
  ])('checks before it runs: %s', async (_, code, expected) => {
    const ran = await runAlone(`${code}\nconsole.log('ran');`);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('Check failed: 1 error; nothing was run');
    expect(ran.stderr).toContain(expected);
  });

  it('runs without the check when told so', async () => {
    expect(await runAlone('const a: number = "text"; return a', '--no-check')).toMatchObject({
      code: 0,
      stdout: 'text\n',
    });
  });

  it('tells where an error came from when arguments stand in front of the script', async () => {
    const { code, stderr } = await runAlone('throw new Error(args.why)', '--args', '{"why":"because"}');
    expect(code).toBe(1);
    expect(stderr).toContain('script.ts:1:7 Error: because\n    throw new Error(args.why)\n          ^');
  });

  it('ends a script that takes too long', async () => {
    const { code, stderr } = await runAlone('await new Promise(() => undefined)', '--timeout', '1s');
    expect(code).toBe(1);
    expect(stderr).toContain('Timeout: execution exceeded 1s');
  });

  it('gives machines one document, with what was printed in it', async () => {
    const good = await runAlone(`console.log('x'); return { a: 1 }`, '--json');
    expect(good.stderr).toBe('');
    expect(JSON.parse(good.stdout)).toEqual({ status: 'success', stdout: ['x'], result: { a: 1 } });
    const bad = await runAlone('throw new TypeError("no")', '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      status: 'error',
      error: { name: 'TypeError', message: 'no', line: 1, column: 7 },
    });
  });

  it('stops at once on Ctrl-C, and leaves no process and no file', async () => {
    await using place = await makePlace();
    await mkdir(place.file('tmp'));
    await place.write(
      'script.ts',
      `console.log('up'); for (;;) await new Promise((done) => setTimeout(done, 10));`,
    );
    const child = startCommand(place, ['run', 'script.ts', '--timeout', '60s'], {
      env: { HOME: place.folder, TMPDIR: place.file('tmp') },
    });
    const ended = exitOf(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const below = await descendants(child.pid ?? 0);
    expect(below.length).toBeGreaterThan(0);
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
    const began = performance.now();
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(stderr).toContain('Interrupted');
    const stillThere = async () => (await Promise.all(below.map(isAlive))).filter(Boolean).length;
    await expect.poll(stillThere, { timeout: 5000 }).toBe(0);
    expect(await readdir(place.file('tmp'))).toEqual([]);
  });
});

describe('smcp run with servers', () => {
  it('calls tools, and records each call below that of the script', async () => {
    await using place = await makeFilesPlace();
    const ran = await run(
      place,
      `return (await files.readTextFile({ path: 'SHARED/a.txt' })).content.trim()`,
    );
    expect(ran).toEqual({ code: 0, stdout: 'alpha\n', stderr: '' });
    const { stdout } = await place.smcp(['audit', 'list', '--json', '--server', 'smcp']);
    const [execution] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(execution).toMatchObject({ door: 'cli', name: 'smcp_execute', writer: 'run', outcome: 'ok' });
    const shown = JSON.parse((await place.smcp(['audit', 'show', execution.call, '--json'])).stdout);
    expect(shown.calls).toMatchObject([{ server: 'files', name: 'read_text_file', outcome: 'ok' }]);
    const system = await place.smcp(['audit', 'export', '--type', 'system']);
    expect(system.stdout).toContain('"event":"cli.run"');
    expect((await place.smcp(['audit', 'verify'])).code).toBe(0);
  });

  it('does not run for a role that may not run scripts, and says why', async () => {
    await using place = await makeFilesPlace();
    await place.write('script.ts', 'return 1');
    const ran = await runCommand(place, ['run', 'script.ts', '-c', 'smcp.yaml', '--role', 'none', '--json']);
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout).error).toMatchObject({ code: 'DENIED' });
  });

  it('ends a script at a call that policy denies, with the reason', async () => {
    await using place = await makeFilesPlace();
    const code = `return await call('files', 'move_file', { source: 'SHARED/a.txt', destination: 'SHARED/b.txt' })`;
    const { code: exit, stderr } = await run(place, code, '--no-check');
    expect(exit).not.toBe(0);
    expect(stderr).toMatch(/move_file/);
    expect(await readdir(place.file('shared'))).toEqual(['a.txt']);
  });

  it('ends a script at a call that wants approval, and makes it once it is approved', async () => {
    await using place = await makeFilesPlace();
    await place.write(
      'script.ts',
      `await files.writeFile({ path: '${place.file('shared/new.txt')}', content: 'x' }); return 'done'`,
    );
    const args = ['run', 'script.ts', '-c', 'smcp.yaml', '--role', 'asked'];
    const asked = await runCommand(place, args);
    expect(asked.code).toBe(3);
    const [id = ''] = /apr-[\w-]+/.exec(asked.stderr) ?? [];
    expect(await readdir(place.file('shared'))).toEqual(['a.txt']);
    expect((await place.smcp(['approvals', 'approve', id, '--by', 'dana'])).code).toBe(0);
    expect(await runCommand(place, args)).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(await readdir(place.file('shared'))).toEqual(['a.txt', 'new.txt']);
  });

  const WRITES = `await files.readTextFile({ path: 'SHARED/a.txt' });
await files.writeFile({ path: 'SHARED/new.txt', content: String(args.text) });
return 'written';`;

  it('previews without a change, and does what was previewed', async () => {
    await using place = await makeFilesPlace();
    const previewed = await run(place, WRITES, '--preview', '--arg', 'text=x');
    expect(previewed.code).toBe(0);
    expect(previewed.stdout).toContain('1 call would be made, in this order (1 read-only call made):');
    expect(previewed.stdout).toContain('1. files:write_file');
    expect(await readdir(place.file('shared'))).toEqual(['a.txt']);
    const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(previewed.stdout) ?? [];
    expect(await run(place, WRITES, '--apply', digest, '--arg', 'text=x')).toEqual({
      code: 0,
      stdout: 'written\n',
      stderr: '',
    });
    expect(await readFile(place.file('shared/new.txt'), 'utf8')).toBe('x');
  });

  it('does nothing when it would be another thing than was previewed', async () => {
    await using place = await makeFilesPlace();
    const { stdout } = await run(place, WRITES, '--preview', '--arg', 'text=x');
    const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(stdout) ?? [];
    const { code, stderr } = await run(place, WRITES, '--apply', digest, '--arg', 'text=other');
    expect(code).toBe(1);
    expect(stderr).toContain('would make other calls now');
    expect(await readdir(place.file('shared'))).toEqual(['a.txt']);
  });

  it('starts servers before the script, and knows no others', async () => {
    await using place = await makeFilesPlace();
    expect((await run(place, 'return listServers()', '--servers', 'files')).stdout).toContain('files');
    const unknown = await run(place, 'return 1', '--servers', 'files,nope');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("Server 'nope' is not available");
  });

  it('runs two scripts at the same time, each in a chain of its own', async () => {
    await using place = await makeFilesPlace();
    const slow = `await new Promise((done) => setTimeout(done, 500)); return 'ok'`;
    const both = await Promise.all([run(place, slow), run(place, slow)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect((await place.smcp(['audit', 'verify'])).code).toBe(0);
  });

  it.each([
    ['a file that is not there', ['run', 'nowhere.ts'], 1, 'FILE_UNREADABLE'],
    ['a timeout that is none', ['run', 'script.ts', '--timeout', '5'], 2, 'USAGE'],
    [
      'a timeout over that of the file',
      ['run', 'script.ts', '-c', 'smcp.yaml', '--role', 'dev', '--timeout', '1h'],
      2,
      'USAGE',
    ],
    ['several roles and none named', ['run', 'script.ts', '-c', 'smcp.yaml'], 2, 'USAGE'],
    ['a role and a principal', ['run', 'script.ts', '--role', 'dev', '--principal', 'key:a'], 2, 'USAGE'],
    [
      'a principal that is not there',
      ['run', 'script.ts', '-c', 'smcp.yaml', '--principal', 'key:a'],
      2,
      'PRINCIPAL_UNKNOWN',
    ],
    [
      'a preview that is applied',
      ['run', 'script.ts', '--preview', '--apply', `sha256:${'a'.repeat(64)}`],
      2,
      'USAGE',
    ],
    ['a digest that is none', ['run', 'script.ts', '--apply', 'sha256:abc'], 2, 'USAGE'],
    ['an argument that is none', ['run', 'script.ts', '--arg', 'x'], 2, 'USAGE'],
  ])('refuses %s', async (_, args, exit, code) => {
    await using place = await makeFilesPlace();
    await place.write('script.ts', 'return 1');
    const ran = await runCommand(place, [...args, '--json'], { env: { HOME: place.folder } });
    expect(ran.code).toBe(exit);
    expect(JSON.parse(ran.stdout).error.code).toBe(code);
  });
});

/** Processes below one, children of children included, where the machine tells. */
async function descendants(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map(descendants));
  return [...children, ...below.flat()];
}

/** Whether it still does something: one that has ended and waits for its parent to notice does not. */
async function isAlive(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text !== undefined && text.charAt(text.lastIndexOf(')') + 2) !== 'Z';
}
