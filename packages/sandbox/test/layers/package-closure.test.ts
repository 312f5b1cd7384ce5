import { mkdir, mkdtemp, rm, symlink, writeFile, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageMounts } from '../../src/layers/package-closure.ts';

/** A folder with packages in it: folder of each, and what it depends on. */
async function installed(packages: Readonly<Record<string, readonly string[]>>) {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'smcp-closure-')));
  for (const [folder, dependencies] of Object.entries(packages)) {
    await mkdir(path.join(root, folder), { recursive: true });
    const manifest = { dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) };
    await writeFile(path.join(root, folder, 'package.json'), JSON.stringify(manifest));
  }
  return {
    root,
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true });
    },
  };
}

describe('packageMounts()', () => {
  it('gives packages with what they depend on, and no others', async () => {
    await using tree = await installed({
      'node_modules/a': ['@scope/b'],
      'node_modules/@scope/b': ['c'],
      'node_modules/c': ['a'],
      'node_modules/other': [],
    });
    const mounts = await packageMounts(['a'], tree.root, '/app');
    expect(mounts.toSorted((x, y) => x.to.localeCompare(y.to))).toEqual([
      { from: path.join(tree.root, 'node_modules/@scope/b'), to: '/app/node_modules/@scope/b' },
      { from: path.join(tree.root, 'node_modules/a'), to: '/app/node_modules/a' },
      { from: path.join(tree.root, 'node_modules/c'), to: '/app/node_modules/c' },
    ]);
  });

  it('finds packages in folders above', async () => {
    await using tree = await installed({ 'node_modules/a': [], 'deep/down': [] });
    const mounts = await packageMounts(['a'], path.join(tree.root, 'deep/down'), '/app');
    expect(mounts).toEqual([{ from: path.join(tree.root, 'node_modules/a'), to: '/app/node_modules/a' }]);
  });

  it('lets a package inside of another come with it', async () => {
    await using tree = await installed({ 'node_modules/a': ['b'], 'node_modules/a/node_modules/b': [] });
    expect(await packageMounts(['a'], tree.root, '/app')).toHaveLength(1);
  });

  it('gives the true folder of a package that is a link', async () => {
    await using tree = await installed({ 'store/a': ['b'], 'store/node_modules/b': [] });
    await mkdir(path.join(tree.root, 'node_modules'));
    await symlink(path.join(tree.root, 'store/a'), path.join(tree.root, 'node_modules/a'));
    const mounts = await packageMounts(['a'], tree.root, '/app');
    expect(mounts.map(({ from }) => path.relative(tree.root, from)).toSorted()).toEqual([
      'store/a',
      'store/node_modules/b',
    ]);
  });

  it('refuses when a package is missing', async () => {
    await using tree = await installed({ 'node_modules/a': ['smcp-not-there'] });
    await expect(packageMounts(['a'], tree.root, '/app')).rejects.toThrow('smcp-not-there');
  });

  it('refuses two versions of one package, which one folder cannot hold', async () => {
    await using tree = await installed({
      'node_modules/a': ['c'],
      'node_modules/c': [],
      'other/node_modules/b': ['c'],
      'other/node_modules/c': [],
    });
    await symlink(path.join(tree.root, 'other/node_modules/b'), path.join(tree.root, 'node_modules/b'));
    await expect(packageMounts(['a', 'b'], tree.root, '/app')).rejects.toThrow('twice');
  });
});
