import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeStaleFolders } from '../../../src/check/compiler/stale-folders.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const DEAD = 4_000_001;

async function stage(...folders: readonly string[]): Promise<AsyncDisposable & { readonly parent: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'smcp-stale-'));
  for (const name of folders) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'a.ts'), '');
    await utimes(join(parent, name), (NOW_MS - HOUR_MS) / 1000, (NOW_MS - HOUR_MS) / 1000);
  }
  return { parent, [Symbol.asyncDispose]: () => rm(parent, { recursive: true }) };
}

const isAlive = (pid: number): boolean => pid !== DEAD;

describe('removeStaleFolders()', () => {
  it('removes the folder of a process that is no more', async () => {
    await using it = await stage(`smcp-check-${DEAD}-aB3_x`);
    await removeStaleFolders(it.parent, NOW_MS, isAlive);
    expect(await readdir(it.parent)).toEqual([]);
  });

  it.each([
    `smcp-check-7-aBc`,
    `smcp-check-${DEAD}`,
    `smcp-check-x-aBc`,
    `my-smcp-check-${DEAD}-aBc`,
    `smcp-check-${DEAD}-a.b`,
  ])('leaves %s', async (name) => {
    await using it = await stage(name);
    await removeStaleFolders(it.parent, NOW_MS, isAlive);
    expect(await readdir(it.parent)).toEqual([name]);
  });

  it('leaves a folder that was used a moment ago, for its process may be where it cannot be seen', async () => {
    await using it = await stage(`smcp-check-${DEAD}-aBc`);
    await removeStaleFolders(it.parent, NOW_MS - HOUR_MS + 60_000, isAlive);
    expect(await readdir(it.parent)).toHaveLength(1);
  });

  it('leaves files and links of such names, and what they point at', async () => {
    await using it = await stage('target');
    await writeFile(join(it.parent, `smcp-check-${DEAD}-file`), '');
    await symlink(join(it.parent, 'target'), join(it.parent, `smcp-check-${DEAD}-link`));
    await removeStaleFolders(it.parent, Number.MAX_SAFE_INTEGER, isAlive);
    expect(await readdir(join(it.parent, 'target'))).toEqual(['a.ts']);
    expect(await readdir(it.parent)).toHaveLength(3);
  });

  it('sees for itself which processes there are', async () => {
    await using it = await stage(
      `smcp-check-${process.pid}-aBc`,
      `smcp-check-${DEAD}-aBc`,
      'smcp-check-1-aBc',
    );
    await removeStaleFolders(it.parent, NOW_MS);
    expect((await readdir(it.parent)).sort()).toEqual(
      ['smcp-check-1-aBc', `smcp-check-${process.pid}-aBc`].sort(),
    );
  });

  it('does nothing where there is no folder', async () => {
    await expect(removeStaleFolders(join(tmpdir(), 'smcp-no-such-folder'))).resolves.toBeUndefined();
  });
});
