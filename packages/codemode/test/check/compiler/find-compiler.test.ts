import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCompiler } from '../../../src/check/compiler/find-compiler.ts';
import { CodeModeError } from '../../../src/code-mode-error.ts';

const PLATFORM = `@typescript/typescript-${process.platform}-${process.arch}`;

/** A folder with packages in it that have nothing but a description; gives a module in it. */
async function installed(
  packages: readonly string[],
): Promise<AsyncDisposable & { readonly module: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-find-'));
  for (const name of packages) {
    await mkdir(join(folder, 'node_modules', name), { recursive: true });
    await writeFile(join(folder, 'node_modules', name, 'package.json'), '{}');
  }
  return { module: join(folder, 'module.js'), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe('findCompiler()', () => {
  it('finds the program of the installed package', () => {
    expect(findCompiler()).toMatch(/[/\\]tsc(?:\.exe)?$/u);
  });

  it.each([
    ['the package is missing', []],
    ['the part for the platform is missing', ['typescript']],
    ['the part for the platform is empty', ['typescript', PLATFORM]],
  ])('says what to install when %s', async (_what, packages) => {
    await using place = await installed(packages);
    const find = (): string => findCompiler(place.module);
    expect(find).toThrow(CodeModeError);
    expect(find).toThrow(expect.objectContaining({ code: 'CHECKER_FAILED' }));
    expect(find).toThrow(PLATFORM);
  });
});
