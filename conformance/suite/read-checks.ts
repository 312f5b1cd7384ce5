import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing that a scenario looked at and did not like. */
export interface Problem {
  readonly check: string;
  /** `WARNING`: a recommendation of the specification is not followed. It counts like a failure, as it does for the runner. */
  readonly status: 'FAILURE' | 'WARNING';
  readonly reason: string;
}

export interface ScenarioResult {
  readonly scenario: string;
  /** `skipped`: the suite itself does not judge it. `missing`: the runner left no result. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'missing';
  readonly problems: readonly Problem[];
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly description: string;
  readonly errorMessage?: string;
}

const FOLDER = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/;

/** Reads what the runner left in its output folder, for these scenarios. */
export async function readResults(
  folder: string,
  scenarios: readonly string[],
): Promise<readonly ScenarioResult[]> {
  const found = new Map<string, ScenarioResult>();
  for (const name of (await readdir(folder)).sort()) {
    const scenario = FOLDER.exec(name)?.[1];
    if (scenario !== undefined && scenarios.includes(scenario)) {
      const checks = JSON.parse(
        await readFile(join(folder, name, 'checks.json'), 'utf8'),
      ) as readonly Check[];
      found.set(scenario, resultOf(scenario, checks));
    }
  }
  return scenarios.map((scenario) => found.get(scenario) ?? { scenario, outcome: 'missing', problems: [] });
}

/** A scenario passes when nothing failed, nothing was warned of, and something succeeded. */
export function resultOf(scenario: string, checks: readonly Check[]): ScenarioResult {
  const problems = checks.flatMap(({ id, status, description, errorMessage }) =>
    status === 'FAILURE' || status === 'WARNING'
      ? [{ check: id, status, reason: errorMessage ?? description }]
      : [],
  );
  if (problems.length > 0) {
    return { scenario, outcome: 'failed', problems };
  }
  const succeeded = checks.some(({ status }) => status === 'SUCCESS');
  return { scenario, outcome: succeeded ? 'passed' : 'skipped', problems };
}
