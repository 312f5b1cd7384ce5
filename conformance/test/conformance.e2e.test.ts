import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from '../../bench/lifetime/workspace.ts';
import { judge, type JudgeOptions } from '../judge/judge.ts';
import { complaints, problemTable } from '../judge/report.ts';
import { readExpectedFailures } from '../suite/expected-failures.ts';

const FILE = join(import.meta.dirname, '..', 'expected-failures.yml');

async function complaintsOf(options: Pick<JudgeOptions, 'ways' | 'sets' | 'direct'>): Promise<unknown> {
  await using workspace = new Workspace();
  const expected = await readExpectedFailures(FILE);
  const whole = { mayAsk: true, expectedFailures: FILE, folder: join(workspace.folder, 'results') };
  const verdicts = await judge(workspace, { ...whole, ...options }, () => undefined);
  return { complaints: complaints(verdicts, expected), problems: problemTable(verdicts, expected).rows };
}

const NONE = { complaints: [], problems: [] };

describe('the official conformance suite', () => {
  it.each([
    ['http-modern', ['2026-07-28', 'tasks']],
    ['http-legacy', ['2025-11-25']],
  ] as const)('has nothing to complain of in the fixture itself, %s', async (way, sets) => {
    expect(await complaintsOf({ ways: [way], sets, direct: true })).toEqual(NONE);
  });

  it.each([
    ['http-modern', ['2026-07-28', '2025-11-25', 'tasks']],
    ['http-legacy', ['2026-07-28', '2025-11-25']],
    ['stdio', ['2026-07-28', '2025-11-25', 'tasks']],
  ] as const)('has nothing to complain of through the gateway, upstream %s', async (way, sets) => {
    const { complaints: found } = (await complaintsOf({ ways: [way], sets, direct: false })) as typeof NONE;
    expect(found).toEqual([]);
  });
});
