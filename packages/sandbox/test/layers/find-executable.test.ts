import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ifExecutable } from '../../src/layers/find-executable.ts';

async function folders() {
  const root = await mkdtemp(path.join(os.tmpdir(), 'smcp-find-'));
  const [plain, folder, first, second] = ['plain', 'folder', 'first', 'second'].map((name) =>
    path.join(root, name),
  );
  for (const at of [plain!, folder!, first!, second!]) {
    await mkdir(at);
  }
  await writeFile(path.join(plain!, 'tool'), '');
  await mkdir(path.join(folder!, 'tool'));
  for (const at of [first!, second!]) {
    await writeFile(path.join(at, 'tool'), '');
    await chmod(path.join(at, 'tool'), 0o755);
  }
  return {
    plain: plain!,
    folder: folder!,
    first: first!,
    second: second!,
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true });
    },
  };
}

describe('ifExecutable()', () => {
  it('gives the first that can be executed', async () => {
    await using at = await folders();
    const found = await ifExecutable('tool', [at.plain, at.folder, at.first, at.second]);
    expect(found).toBe(path.join(at.first, 'tool'));
  });

  it('finds nothing in folders that are not there', async () => {
    expect(await ifExecutable('tool', ['/smcp-not-there'])).toBeUndefined();
  });

  it('passes over folders that depend on where we stand', async () => {
    await using at = await folders();
    const relative = path.relative(process.cwd(), at.first);
    expect(await ifExecutable('tool', ['', '.', relative])).toBeUndefined();
  });
});
