import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeptFiles } from '../../../src/check/compiler/kept-files.ts';

async function stage(
  maxBytes: number,
): Promise<AsyncDisposable & { readonly folder: string; readonly files: KeptFiles }> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-kept-'));
  return {
    folder,
    files: new KeptFiles(folder, maxBytes),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

describe('KeptFiles.hold()', () => {
  it('writes a text once, and gives the same file for it again', async () => {
    await using it = await stage(100);
    const both = await Promise.all([it.files.hold('abc', '.d.ts'), it.files.hold('abc', '.d.ts')]);
    expect(both.map(({ name }) => name)).toEqual(['1.d.ts', '1.d.ts']);
    expect(await readFile(join(it.folder, '1.d.ts'), 'utf8')).toBe('abc');
    for (const one of both) await one[Symbol.asyncDispose]();
    expect((await it.files.hold('abc', '.d.ts')).name).toBe('1.d.ts');
  });

  it('removes what was held the longest ago when there is too much, and nothing that is held', async () => {
    await using it = await stage(4);
    const a = await it.files.hold('aa', '');
    const b = await it.files.hold('bb', '');
    const c = await it.files.hold('cc', '');
    expect(await readdir(it.folder)).toEqual(['1', '2', '3']);
    await b[Symbol.asyncDispose]();
    expect(await readdir(it.folder)).toEqual(['1', '3']);
    await a[Symbol.asyncDispose]();
    await c[Symbol.asyncDispose]();
    expect(await readdir(it.folder)).toEqual(['1', '3']);
    await (await it.files.hold('bb', ''))[Symbol.asyncDispose]();
    expect(await readdir(it.folder)).toEqual(['3', '4']);
  });

  it('keeps a text that is used often', async () => {
    await using it = await stage(4);
    for (const text of ['aa', 'bb', 'aa', 'cc', 'aa', 'dd'])
      await (await it.files.hold(text, ''))[Symbol.asyncDispose]();
    expect(await readdir(it.folder)).toEqual(['1', '4']);
  });

  it('fails when the file is gone, and writes it anew the next time', async () => {
    await using it = await stage(100);
    await (await it.files.hold('abc', ''))[Symbol.asyncDispose]();
    await rm(join(it.folder, '1'));
    await expect(it.files.hold('abc', '')).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await it.files.hold('abc', '')).name).toBe('2');
  });
});
