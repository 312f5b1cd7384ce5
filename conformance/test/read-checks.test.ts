import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, resultOf } from '../suite/read-checks.ts';

const check = (status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO', errorMessage?: string) => ({
  id: `check-${status.toLowerCase()}`,
  status,
  description: 'what was looked at',
  ...(errorMessage === undefined ? {} : { errorMessage }),
});

describe('resultOf()', () => {
  it('passes when everything succeeded', () => {
    expect(resultOf('a', [check('SUCCESS'), check('INFO')])).toEqual({
      scenario: 'a',
      outcome: 'passed',
      problems: [],
    });
  });

  it('fails by one failure among successes, and says why', () => {
    expect(resultOf('a', [check('SUCCESS'), check('FAILURE', 'it was blue')])).toEqual({
      scenario: 'a',
      outcome: 'failed',
      problems: [{ check: 'check-failure', status: 'FAILURE', reason: 'it was blue' }],
    });
  });

  it('fails by a warning, as the runner does when it has a list of expected failures', () => {
    const { outcome, problems } = resultOf('a', [check('SUCCESS'), check('WARNING')]);
    expect(outcome).toBe('failed');
    expect(problems).toEqual([{ check: 'check-warning', status: 'WARNING', reason: 'what was looked at' }]);
  });

  it.each([
    ['nothing was looked at', []],
    ['the suite left it out', [check('SKIPPED')]],
    ['there is only information', [check('INFO')]],
  ])('is skipped, not passed, when %s', (_when, checks) => {
    expect(resultOf('a', checks).outcome).toBe('skipped');
  });
});

describe('readResults()', () => {
  it('finds the scenarios by their folders and misses the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-checks-'));
    try {
      const write = async (name: string, checks: unknown): Promise<void> => {
        await mkdir(join(folder, name));
        await writeFile(join(folder, name, 'checks.json'), JSON.stringify(checks));
      };
      await write('server-ping-2026-11-20T19-01-57-587Z', [check('SUCCESS')]);
      await write('server-tools-list-2026-11-20T19-01-57-587Z', [check('FAILURE')]);
      await write('server-not-asked-for-2026-11-20T19-01-57-587Z', [check('FAILURE')]);
      const results = await readResults(folder, ['tools-list', 'ping', 'caching']);
      expect(results.map(({ scenario, outcome }) => [scenario, outcome])).toEqual([
        ['tools-list', 'failed'],
        ['ping', 'passed'],
        ['caching', 'missing'],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('takes the later of two runs of a scenario', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-checks-'));
    try {
      for (const [name, status] of [
        ['server-ping-2026-11-20T19-01-57-587Z', 'FAILURE'],
        ['server-ping-2026-11-20T19-02-57-587Z', 'SUCCESS'],
      ] as const) {
        await mkdir(join(folder, name));
        await writeFile(join(folder, name, 'checks.json'), JSON.stringify([check(status)]));
      }
      expect(await readResults(folder, ['ping'])).toMatchObject([{ outcome: 'passed' }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
