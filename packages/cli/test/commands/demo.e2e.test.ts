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

interface Walk {
  readonly steps: readonly Step[];
  readonly execution: string;
}

/** How much fewer tokens and round trips. */
function savedPercent(text = ''): readonly number[] {
  return [...text.matchAll(/(\d+)% fewer/g)].map(([, percent]) => Number(percent));
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
    const { steps, execution } = JSON.parse(await demo('--json')) as Walk;
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
      'One script',
      'What it saves',
      'Wrong script',
      'Refused in a script',
      'Refused in a script',
      'Refused in a script',
      'Refused in a script',
      'Audit verified',
    ]);
    expect(steps[3]?.result).toMatch(/record: roles\.developer\.deny\[0\], smcp\.yaml line \d+$/);
    expect(savedPercent(steps[9]?.result)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(Math.min(...savedPercent(steps[9]?.result))).toBeGreaterThan(60);
    expect(steps[11]?.result).toMatch(/record: roles\.developer\.deny\[1\], smcp\.yaml line \d+$/);
    expect(execution).toMatch(/^call-/);
  }
});

it('demo --once prints the walk as a table that a person can read', async () => {
  const text = await demo();
  expect(text).toContain('What happened');
  expect(text.match(/✓/g)).toHaveLength(16);
  expect(text).not.toContain('✗');
  expect(text).toMatch(/^smcp:smcp_execute\n├─ files:list_directory .* ok {2}call-/m);
  expect(text.match(/─ files:read_text_file/g)).toHaveLength(6);
  expect(text).toMatch(/^└─ everything:echo /m);
});
