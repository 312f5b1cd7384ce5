import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const SMCP = fileURLToPath(new URL('../../bin/smcp.js', import.meta.url));

interface Step {
  readonly title: string;
  readonly result: string;
  readonly ok: boolean;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smcp-demo-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function demo(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [SMCP, 'demo', '--once', '--folder', folder, ...args], {
    timeout: 60_000,
  });
  return stdout;
}

it('demo --once walks through the gateway, every step as it should be, and again with the same keys [S1-02] [S1-03] [S1-04]', async () => {
  for (const _ of ['first start', 'second start']) {
    const { steps } = JSON.parse(await demo('--json')) as { readonly steps: readonly Step[] };
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(steps.map(({ title }) => title)).toEqual([
      'List tools',
      'Allowed call',
      'Allowed call',
      'Denied by role',
      'Denied by role',
      'Injected credential',
      'Expired key',
      'Changed agent code',
      'Audit verified',
    ]);
    expect(steps[3]?.result).toMatch(/record: roles\.developer\.deny\[0\], smcp\.yaml line \d+$/);
  }
});

it('demo --once prints the walk as a table that a person can read', async () => {
  const text = await demo();
  expect(text).toContain('What happened');
  expect(text.match(/✓/g)).toHaveLength(9);
  expect(text).not.toContain('✗');
});
