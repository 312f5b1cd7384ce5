import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptChecker } from '../../src/check/check.ts';
import { createScriptChecker } from '../../src/check/create-checker.ts';
import { CodeModeError } from '../../src/code-mode-error.ts';
import { request } from './declarations.ts';
import { BOMBS, EVASIONS } from './hostile-scripts.ts';

let folder: string;
let checker: ScriptChecker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smcp-hostile-'));
  checker = createScriptChecker({ parentFolder: folder });
});
afterAll(async () => {
  await checker[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('check() of hostile scripts', () => {
  it.each(Object.entries(EVASIONS))('is not evaded by %s', async (_name, { code, at }) => {
    const reply = await checker.check(request(code));
    if (reply.ok) throw new Error('Nothing was found');
    expect(reply.diagnostics.map((one) => [one.line, one.column, one.code])).toEqual(at);
  });

  it.each(['javascript', 'typescript'] as const)('is not evaded by comments in %s', async (language) => {
    const code = `// @ts-nocheck\n// @ts-ignore\nawait jira.search({ jql: 1 });`;
    expect(await checker.check(request(code, { language }))).toMatchObject({
      ok: false,
      diagnostics: [{ line: 3, code: 2322 }],
    });
  });

  it('does not tell whether a file exists', async () => {
    const paths = [
      import.meta.filename,
      `${import.meta.filename}.missing`,
      '/etc/passwd',
      '/etc/no-such-file',
      join(import.meta.dirname, '../../package.json'),
      '../../../../../../etc/passwd',
      'vitest',
      'no-such-package',
    ];
    const says = async (path: string): Promise<unknown> => {
      const reply = await checker.check(
        request(`const a = await import(${JSON.stringify(path)});\nreturn a.default;`),
      );
      return reply.ok
        ? reply
        : reply.diagnostics.map(({ line, column, message }) => ({ line, column, message }));
    };
    const expected = [{ line: 1, column: 24, message: expect.stringMatching(/^A script cannot import/u) }];
    for (const path of paths) expect([path, await says(path)]).toEqual([path, expected]);
  });

  it('shows no path of the machine and no name of its own, whatever goes wrong', async () => {
    await writeFile(join(folder, 'secret.ts'), 'export const a = 1;');
    const codes = [
      `import('${folder}/secret.ts')`,
      `const a: string = import.meta;`,
      `return 1; } {`,
      `class Foo { #a = 1 }\n{ class Bar { #a = 1 } const foo: Foo = new Bar(); }`,
      `const a: number = async () => import('./script');`,
      `'use strict'; const x: string = this;`,
      `let self: string = globalThis;`,
    ];
    for (const code of codes) {
      const reply = await checker.check(request(code));
      expect(JSON.stringify(reply)).not.toMatch(/smcp-|check-\d|\/tmp|end_[0-9a-f]{4}|tsconfig/u);
    }
  });

  it('takes nothing from a message that could steer a terminal or turn the direction of text', async () => {
    const reply = await checker.check(request(`jira["\\u001b[31m\\u202eevil\\u0007"]();`));
    if (reply.ok) throw new Error('Nothing was found');
    expect(reply.diagnostics[0]?.message).toContain(`Property ' [31m evil ' does not exist`);
    expect(reply.diagnostics[0]?.message).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('says that declarations are wrong, rather than the script, when they are', async () => {
    const declarations = [{ name: 'evil.d.ts', text: 'declare const a: {;\n' }];
    const failed = checker.check(request('return 1;', { declarations }));
    await expect(failed).rejects.toThrow(/line 1 of evil\.d\.ts is wrong/u);
    await expect(failed).rejects.toBeInstanceOf(CodeModeError);
  });

  it('does not follow names and references of declarations out of its folder', async () => {
    const declarations = [
      {
        name: '../../../../evil.d.ts',
        text: '/// <reference path="/etc/passwd" />\n/// <reference types="node" />\ndeclare const evil: number;\n',
      },
    ];
    expect(await checker.check(request('return evil + process.pid;', { declarations }))).toMatchObject({
      ok: false,
      diagnostics: [{ column: 15, code: 2591 }],
    });
    expect(await readdir(folder)).not.toContain('evil.d.ts');
  });
});

describe('check() of bombs', () => {
  it.each(Object.entries(BOMBS))('outlives %s', { timeout: 30_000 }, async (_name, code) => {
    const limits = { timeoutMs: 2000, maxMemoryBytes: 256 * 1024 * 1024 };
    await using checker = createScriptChecker({ limits, parentFolder: folder });
    const started = performance.now();
    const outcome = await checker.check(request(code)).then(
      () => 'a verdict',
      (error: unknown) => (error instanceof CodeModeError ? error.message : error),
    );
    expect(performance.now() - started).toBeLessThan(limits.timeoutMs + 2000);
    expect(outcome).toMatch(/^a verdict$|needs too much memory|took more than 2000 ms/u);
    // The next script does not notice.
    expect(await checker.check(request('return 1;'))).toMatchObject({ ok: true });
  });

  it.skipIf(process.platform !== 'linux')(
    'bounds the memory of the compiler',
    { timeout: 30_000 },
    async () => {
      const limits = { timeoutMs: 10_000, maxMemoryBytes: 192 * 1024 * 1024, concurrency: 1 };
      await using checker = createScriptChecker({ limits, parentFolder: folder });
      const bomb = checker.check(request(BOMBS['a union of templates'] ?? ''));
      let peakKib = 0;
      const sample = setInterval(() => {
        const shown = execFileSync('ps', ['-o', 'rss=', '--ppid', String(process.pid)], { encoding: 'utf8' });
        for (const line of shown.split('\n')) peakKib = Math.max(peakKib, Number(line));
      }, 100);
      await expect(bomb).rejects.toThrow('needs too much memory');
      clearInterval(sample);
      expect(peakKib).toBeGreaterThan(20 * 1024);
      expect(peakKib).toBeLessThan(230 * 1024);
    },
  );
});
