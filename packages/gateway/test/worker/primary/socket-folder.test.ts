import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSocketFolder, socketPath } from '../../../src/worker/primary/socket-folder.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'smcp-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('makeSocketFolder()', () => {
  it('makes a folder for nobody else, and removes it with what is in it', async () => {
    const folder = await makeSocketFolder(join(home, 'workers'));
    expect(folder.path).toBe(join(home, 'workers'));
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await writeFile(socketPath(folder.path, 1), '');
    await folder[Symbol.asyncDispose]();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('replaces what a killed gateway left, rights included', async () => {
    await mkdir(join(home, 'workers'), { mode: 0o755 });
    await writeFile(socketPath(join(home, 'workers'), 1), '');
    await using folder = await makeSocketFolder(join(home, 'workers'));
    expect(await readdir(folder.path)).toEqual([]);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  });

  it('goes elsewhere when addresses would be too long for the system', async () => {
    const wanted = join(home, 'x'.repeat(100));
    const folder = await makeSocketFolder(wanted);
    expect(folder.path).not.toContain('xxx');
    expect(Buffer.byteLength(socketPath(folder.path, 64))).toBeLessThan(104);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await folder[Symbol.asyncDispose]();
    expect(existsSync(folder.path)).toBe(false);
  });
});
