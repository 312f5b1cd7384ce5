import type { Table } from '../../bench/report/table.ts';
import { isExpected, staleEntries, type ExpectedFailures } from '../suite/expected-failures.ts';
import type { ScenarioResult } from '../suite/read-checks.ts';
import type { Judged, Verdict } from './judge.ts';

const SHOWN_REASON = 160;

/** Way by set: how many passed. */
export function scoreTable(verdicts: readonly Verdict[]): Table {
  return {
    title: 'Official MCP conformance suite',
    columns: ['upstream', 'reached', 'requirements', 'passed', 'not required', 'failed'],
    words: 6,
    rows: verdicts.map((verdict) => {
      const head = [verdict.way, verdict.direct ? 'directly' : 'through smcp', verdict.set];
      if ('notApplicable' in verdict) {
        return [...head, '–', '–', `not applicable: ${verdict.notApplicable}`];
      }
      const failed = verdict.scenarios.filter((result) => isFailed(result)).map(({ scenario }) => scenario);
      return [
        ...head,
        scoreOf(verdict.scenarios),
        scoreOf(verdict.unscored),
        failed.length === 0 ? 'none' : failed.join(', '),
      ];
    }),
  };
}

/** Every check that did not pass, with what the suite says of it. */
export function problemTable(verdicts: readonly Verdict[], expected: ExpectedFailures): Table {
  const rows = verdicts
    .filter((verdict) => 'scenarios' in verdict)
    .flatMap((verdict) => problemRows(verdict, expected));
  return {
    title: 'What did not pass',
    columns: ['upstream', 'requirements', 'scenario', 'check', 'status', 'reason'],
    words: 6,
    rows,
  };
}

/** Sentences on why the run is not good; none when it is. */
export function complaints(verdicts: readonly Verdict[], expected: ExpectedFailures): readonly string[] {
  const judged = verdicts.filter((verdict) => 'scenarios' in verdict);
  const unexpected = judged.flatMap(({ way, set, scenarios }) =>
    scenarios
      .filter((result) => isFailed(result) && !isExpected(result, expected))
      .map(({ scenario }) => `Unexpected failure: ${scenario} of ${set}, upstream ${way}`),
  );
  const results = judged.flatMap(({ scenarios }) => scenarios);
  const stale = staleEntries(results, expected).map((entry) => `Expected to fail, but passes: ${entry}`);
  const nothing = results.length === 0 ? ['No scenario was run'] : [];
  return [...unexpected, ...stale, ...nothing];
}

function problemRows({ way, set, scenarios, unscored }: Judged, expected: ExpectedFailures): string[][] {
  const rowsOf = (result: ScenarioResult, note: string): string[][] =>
    result.outcome === 'missing'
      ? [[way, set, result.scenario, '', 'missing', 'the runner left no result']]
      : result.problems.map(({ check, status, reason }) => [
          way,
          set,
          result.scenario,
          check,
          `${status.toLowerCase()}${note}`,
          shortened(reason),
        ]);
  return [
    ...scenarios.flatMap((result) => rowsOf(result, isExpected(result, expected) ? ' (expected)' : '')),
    ...unscored.flatMap((result) => rowsOf(result, ' (not required)')),
  ];
}

function isFailed({ outcome }: ScenarioResult): boolean {
  return outcome === 'failed' || outcome === 'missing';
}

function scoreOf(results: readonly ScenarioResult[]): string {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length;
  return `${passed}/${results.length}${skipped === 0 ? '' : ` (${skipped} skipped by the suite)`}`;
}

function shortened(reason: string): string {
  const line = reason.replaceAll(/\s+/g, ' ');
  return line.length <= SHOWN_REASON ? line : `${line.slice(0, SHOWN_REASON)}…`;
}
