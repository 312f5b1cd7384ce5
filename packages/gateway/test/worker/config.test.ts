import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smcp-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function workersOf(text: string): Promise<number> {
  const file = join(folder, 'smcp.yaml');
  await writeFile(file, text);
  return (await loadConfig({ file, env: {} })).config.workers;
}

describe('workers', () => {
  it('is one process unless the file says otherwise', async () => {
    expect(await workersOf('{}')).toBe(1);
  });

  it.each([1, 2, 64])('takes %i', async (workers) => {
    expect(await workersOf(`workers: ${workers}`)).toBe(workers);
  });

  it.each(['0', '-1', '65', '1.5', '"2"', 'auto', 'true', '[2]', ''])('refuses %s', async (value) => {
    await expect(workersOf(`workers: ${value}`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [expect.objectContaining({ path: 'workers' })],
    });
  });
});
