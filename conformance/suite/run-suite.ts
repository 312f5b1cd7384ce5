import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programOf } from '../../bench/targets/installed.ts';
import type { Workspace } from '../../bench/lifetime/workspace.ts';
import { readResults, type ScenarioResult } from './read-checks.ts';
import { RUNNER, type Revision } from './requirement-sets.ts';

const DEADLINE_MS = 10 * 60_000;

export interface SuiteJob {
  readonly url: string;
  readonly revision: Revision;
  readonly scenarios: readonly string[];
  /** Whether `scenarios` is everything that the runner knows for this revision, so that one run of it does. */
  readonly all: boolean;
  readonly expectedFailures: string;
  /** Folder for what the runner writes. */
  readonly folder: string;
}

/**
 * Runs scenarios of the official suite against an address, one after the other.
 *
 * @throws {Error} When the runner does not come to an end within ten minutes, with the last lines that it said.
 */
export async function runSuite(workspace: Workspace, job: SuiteJob): Promise<readonly ScenarioResult[]> {
  await mkdir(job.folder, { recursive: true });
  const selections = job.all
    ? [['--requirements', job.revision]]
    : job.scenarios.map((scenario) => ['--scenario', scenario, '--spec-version', job.revision, '--force']);
  for (const selection of selections) {
    await runOnce(workspace, job, selection);
  }
  return await readResults(job.folder, job.scenarios);
}

async function runOnce(workspace: Workspace, job: SuiteJob, selection: readonly string[]): Promise<void> {
  const runner = workspace.start(
    'conformance runner',
    [
      programOf(RUNNER, 'dist', 'index.js'),
      'server',
      '--url',
      job.url,
      ...selection,
      '--expected-failures',
      job.expectedFailures,
      '--output-dir',
      join(job.folder, '.'),
    ],
    { channel: false },
  );
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    // What it exits with counts scenarios that nobody requires: the results are judged by us.
    await once(runner.child, 'exit', { signal: deadline });
  } catch (error) {
    await runner.kill();
    if (deadline.aborted) {
      runner.fail(`was not done after ${DEADLINE_MS} ms`);
    }
    throw error;
  }
}
