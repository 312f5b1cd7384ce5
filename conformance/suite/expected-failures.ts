import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { ScenarioResult } from './read-checks.ts';

/** What the file says may fail: whole scenarios, and single checks as `scenario:check`. */
export type ExpectedFailures = ReadonlySet<string>;

/** Reads a file in the form that the runner takes. */
export async function readExpectedFailures(file: string): Promise<ExpectedFailures> {
  const { server } = (parse(await readFile(file, 'utf8')) ?? {}) as { readonly server?: readonly string[] };
  return new Set(server);
}

/** Whether everything that went wrong in a scenario is expected to. */
export function isExpected({ scenario, problems }: ScenarioResult, expected: ExpectedFailures): boolean {
  return (
    expected.has(scenario) ||
    (problems.length > 0 && problems.every(({ check }) => expected.has(`${scenario}:${check}`)))
  );
}

/** Entries about these scenarios that came true in none of their runs: they have to go. */
export function staleEntries(
  results: readonly ScenarioResult[],
  expected: ExpectedFailures,
): readonly string[] {
  const failing = new Set(
    results.flatMap(({ scenario, outcome, problems }) =>
      outcome === 'failed' || outcome === 'missing'
        ? [scenario, ...problems.map(({ check }) => `${scenario}:${check}`)]
        : [],
    ),
  );
  const judged = new Set(results.map(({ scenario }) => scenario));
  return [...expected].filter((entry) => judged.has(entry.split(':')[0] ?? '') && !failing.has(entry));
}
