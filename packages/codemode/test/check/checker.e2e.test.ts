import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScriptChecker } from '../../src/check/create-checker.ts';
import { findCompiler } from '../../src/check/compiler/find-compiler.ts';
import { CodeModeError } from '../../src/code-mode-error.ts';
import { request } from './declarations.ts';
import { BOMBS } from './hostile-scripts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smcp-checker-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Keeps a compiler busy for longer than any test waits. */
const SLOW = BOMBS['a type that doubles'] ?? '';

/** Programs that this process has started and that run still. */
function children(): readonly string[] {
  const shown = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return shown.split('\n').filter((line) => line.includes('--singleThreaded'));
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => void setTimeout(resolve, 10));
}

/** A program that stands in for the compiler. */
async function program(script: string): Promise<string> {
  const path = join(folder, 'compiler.sh');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return path;
}

describe('check() without a verdict', () => {
  it.each([
    ['a script that is too long', { maxSourceBytes: 10 }, 'it has 16 bytes, and may have 10'],
    [
      'declarations that are too long',
      { maxDeclarationBytes: 1000 },
      /the declarations that it may use have \d{4} bytes, and may have 1000/u,
    ],
  ])('refuses %s', async (_what, limits, message) => {
    await using checker = createScriptChecker({ limits, parentFolder: folder });
    const failed = checker.check(request('return "äää";'.padEnd(12), { name: 'mine' }));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ code: 'CHECKER_FAILED' });
  });

  it('counts the declarations of earlier runs', async () => {
    await using checker = createScriptChecker({
      limits: { maxDeclarationBytes: 3000 },
      parentFolder: folder,
    });
    expect(await checker.check(request('return 1;'))).toMatchObject({ ok: true });
    await expect(checker.check(request('return 1;', { earlier: ' '.repeat(3000) }))).rejects.toThrow(
      'may have 3000',
    );
  });

  it('ends a compiler that takes too long, and leaves nothing of it', async () => {
    await using checker = createScriptChecker({ limits: { timeoutMs: 300 }, parentFolder: folder });
    await expect(checker.check(request(SLOW))).rejects.toThrow(
      'Cannot check "script": it took more than 300 ms',
    );
    expect(children()).toEqual([]);
    const [work = ''] = await readdir(folder);
    expect((await readdir(join(folder, work))).filter((name) => name.startsWith('check-'))).toEqual([]);
  });

  it('ends a compiler when the caller gives up', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    const giveUp = new AbortController();
    const reason = new Error('The client has gone');
    const failed = checker.check(request(SLOW, { signal: giveUp.signal }));
    failed.catch(() => undefined);
    await until(() => children().length === 1);
    giveUp.abort(reason);
    await expect(failed).rejects.toThrow('Cannot check "script": the check was cancelled');
    await expect(failed).rejects.toMatchObject({ code: 'CHECKER_FAILED', cause: reason });
    expect(children()).toEqual([]);
  });

  it('does not start for a caller who has given up', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    await expect(checker.check(request('return 1;', { signal: AbortSignal.abort() }))).rejects.toThrow(
      'was cancelled',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets nobody wait behind too many others', async () => {
    await using checker = createScriptChecker({
      limits: { concurrency: 1, maxWaiting: 1 },
      parentFolder: folder,
    });
    const giveUp = new AbortController();
    const running = checker.check(request(SLOW, { signal: giveUp.signal }));
    const waiting = checker.check(request('return 2;'));
    running.catch(() => undefined);
    await expect(checker.check(request('return 3;'))).rejects.toThrow('too many scripts wait to be checked');
    giveUp.abort();
    await expect(running).rejects.toThrow('was cancelled');
    expect(await waiting).toMatchObject({ ok: true });
  });

  it('checks the scripts of others while those of one owner take long', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    const giveUp = new AbortController();
    const slow = Array.from({ length: 10 }, (_, n) =>
      checker.check(request(`${SLOW} //${n}`, { owner: 'eve', signal: giveUp.signal })),
    );
    const outcomes = Promise.allSettled(slow);
    expect(await checker.check(request('return 1;', { owner: 'alice' }))).toMatchObject({ ok: true });
    giveUp.abort();
    expect((await outcomes).map(({ status }) => status)).toEqual(slow.map(() => 'rejected'));
  });

  it('lets go of a caller who gives up while waiting', async () => {
    await using checker = createScriptChecker({ limits: { concurrency: 1 }, parentFolder: folder });
    const giveUp = new AbortController();
    const running = checker.check(request(SLOW, { signal: giveUp.signal }));
    const waiting = new AbortController();
    const failed = checker.check(request('return 2;', { signal: waiting.signal }));
    waiting.abort();
    await expect(failed).rejects.toThrow('was cancelled');
    giveUp.abort();
    await expect(running).rejects.toThrow('was cancelled');
  });

  it.each([
    [
      'there is no such program',
      async () => join(folder, 'nothing'),
      /the compiler failed|could not be run/u,
    ],
    ['it says that all is well in words', async () => program('echo fine'), /the compiler failed/u],
    ['it fails without a word', async () => program('exit 1'), /the compiler failed/u],
    ['it is killed', async () => program('kill -9 $$'), /the compiler failed/u],
    [
      'its runtime gives up',
      async () => program('echo "fatal error: stack overflow" >&2; exit 2'),
      /the compiler failed/u,
    ],
    [
      'it runs out of memory',
      async () => program('echo "fatal error: runtime: out of memory" >&2; exit 2'),
      /it needs too much memory/u,
    ],
  ])('says so when %s', async (_what, compiler, message) => {
    await using checker = createScriptChecker({ compiler: await compiler(), parentFolder: folder });
    const failed = checker.check(request('return 1;'));
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(CodeModeError);
  });

  it('can be asked again after a failure', async () => {
    await using checker = createScriptChecker({ limits: { timeoutMs: 1000 }, parentFolder: folder });
    await expect(checker.check(request(SLOW))).rejects.toThrow('took more than');
    expect(await checker.check(request('return 1;'))).toMatchObject({ ok: true });
  });
});

describe('createScriptChecker()', () => {
  it('works in a private folder, and keeps only declarations there', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    await checker.check(request('return 1;'));
    await checker.check(request('return 2;'));
    const [work = ''] = await readdir(folder);
    expect(work).toMatch(new RegExp(`^smcp-check-${process.pid}-`, 'u'));
    expect((await stat(join(folder, work))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, work))).toEqual(['1.d.ts', '2.d.ts', '3.d.ts']);
  });

  it('leaves nothing behind when it is disposed of in the middle of checks', async () => {
    const checker = createScriptChecker({ limits: { concurrency: 2 }, parentFolder: folder });
    const failed = [1, 2, 3].map((n) => checker.check(request(`${SLOW} //${n}`, { owner: `${n}` })));
    const outcomes = Promise.allSettled(failed);
    await until(() => children().length === 2);
    await checker[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
    expect(children()).toEqual([]);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: 'Cannot check "script": the checker is closed' },
      });
    }
    await expect(checker.check(request('return 1;'))).rejects.toThrow('the checker is closed');
    expect(await readdir(folder)).toEqual([]);
  });

  it('begins anew when somebody has tidied up its folder', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    await checker.check(request('return 1;'));
    const [work = ''] = await readdir(folder);
    await rm(join(folder, work, '2.d.ts'));
    expect(
      await checker.check(request(`return (await github.listIssues({ owner: 'a' })).items;`)),
    ).toMatchObject({ ok: true });
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    expect(await checker.check(request(`return (await jira.search({ jql: 'a' })).length;`))).toMatchObject({
      ok: true,
    });
  });

  it('checks many scripts at a time, each by itself', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        checker.check(request(`${'\n'.repeat(index)}await unknown${index}();`)),
      ),
    );
    expect(
      replies.map((reply) => (reply.ok ? [] : reply.diagnostics.map(({ line, message }) => [line, message]))),
    ).toEqual(Array.from({ length: 20 }, (_, index) => [[index + 1, `Cannot find name 'unknown${index}'.`]]));
  });

  it('answers the same question from memory, and no other', async () => {
    await using checker = createScriptChecker({ parentFolder: folder });
    const first = await checker.check(request('return a;'));
    expect(await checker.check(request('return a;'))).toBe(first);
    expect(await checker.check(request('return a;', { earlier: 'declare const a: 1;\n' }))).toMatchObject({
      ok: true,
    });
    expect(await checker.check(request('return a;', { name: 'other' }))).not.toBe(first);
    await using forgetful = createScriptChecker({ limits: { maxVerdicts: 0 }, parentFolder: folder });
    expect(await forgetful.check(request('return a;'))).not.toBe(await forgetful.check(request('return a;')));
  });

  it('gives the compiler no environment but its limits, and no input', async () => {
    const compiler = await program(
      'env | cut -d= -f1 | sort | tr "\\n" " " > "$(dirname "$0")/seen"; cat >> "$(dirname "$0")/seen"',
    );
    await using checker = createScriptChecker({ compiler, parentFolder: folder });
    await checker.check(request('return 1;'));
    const seen = execFileSync('cat', [join(folder, 'seen')], { encoding: 'utf8' });
    expect(
      seen
        .trim()
        .split(' ')
        .filter((name) => name !== 'PWD' && name !== '_' && name !== 'OLDPWD' && name !== 'SHLVL'),
    ).toEqual(['GOMAXPROCS', 'GOMEMLIMIT', 'GOTRACEBACK']);
  });

  it('hands its command and its folder to whoever wraps it', async () => {
    const seen: (readonly [readonly string[], string])[] = [];
    await using checker = createScriptChecker({
      parentFolder: folder,
      wrap: (command, root) => {
        seen.push([command, root]);
        return command;
      },
    });
    expect(await checker.check(request('return 1;'))).toMatchObject({ ok: true });
    const [work = ''] = await readdir(folder);
    expect(seen).toEqual([
      [[findCompiler(), '--project', 'tsconfig.json', '--pretty', '--singleThreaded'], join(folder, work)],
    ]);
  });

  it.skipIf(!existsSync('/usr/bin/bwrap'))('works in a sandbox without anything but its folder', async () => {
    await using checker = createScriptChecker({
      parentFolder: folder,
      wrap: (command, root) => {
        const compilers = dirname(command[0] ?? '');
        const options = [
          '--unshare-all',
          '--die-with-parent',
          '--ro-bind',
          compilers,
          compilers,
          '--bind',
          root,
          root,
          '--proc',
          '/proc',
          '--',
        ];
        return ['/usr/bin/bwrap', ...options, ...command];
      },
    });
    expect(await checker.check(request(`return (await jira.search({ jql: 'a' })).length;`))).toMatchObject({
      ok: true,
    });
    expect(await checker.check(request(`const n = 1; return gitlab;`))).toMatchObject({
      ok: false,
      diagnostics: [{ column: 21, code: 2304 }],
    });
    const giveUp = new AbortController();
    const failed = checker.check(request(SLOW, { signal: giveUp.signal }));
    failed.catch(() => undefined);
    await until(() => children().length > 0);
    giveUp.abort();
    await expect(failed).rejects.toThrow('was cancelled');
    expect(children()).toEqual([]);
  });
});
