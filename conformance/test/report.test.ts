import { describe, expect, it } from 'vitest';
import type { Judged, Verdict } from '../judge/judge.ts';
import { complaints, problemTable, scoreTable } from '../judge/report.ts';
import { ifNotApplicable } from '../judge/ways.ts';
import type { ScenarioResult } from '../suite/read-checks.ts';

const passed: ScenarioResult = { scenario: 'ping', outcome: 'passed', problems: [] };
const skipped: ScenarioResult = { scenario: 'tasks-status', outcome: 'skipped', problems: [] };
const missing: ScenarioResult = { scenario: 'caching', outcome: 'missing', problems: [] };
const failed: ScenarioResult = {
  scenario: 'tools-list',
  outcome: 'failed',
  problems: [{ check: 'order', status: 'WARNING', reason: 'not  in\norder' }],
};
const NONE = new Set<string>();

function judged(scenarios: readonly ScenarioResult[], unscored: readonly ScenarioResult[] = []): Judged {
  return { way: 'stdio', set: '2025-11-25', direct: false, seconds: 1, scenarios, unscored };
}

describe('scoreTable()', () => {
  it('counts what passed and names what did not', () => {
    const { rows } = scoreTable([judged([passed, failed, missing], [passed])]);
    expect(rows).toEqual([['stdio', 'through smcp', '2025-11-25', '1/3', '1/1', 'tools-list, caching']]);
  });

  it('shows apart what the suite does not judge', () => {
    const { rows } = scoreTable([judged([passed, skipped])]);
    expect(rows[0]?.slice(3)).toEqual(['1/2 (1 skipped by the suite)', '0/0', 'none']);
  });

  it('says why a set was not judged', () => {
    const verdict: Verdict = { way: 'stdio', set: 'tasks', direct: true, notApplicable: 'no HTTP' };
    expect(scoreTable([verdict]).rows[0]).toEqual([
      'stdio',
      'directly',
      'tasks',
      '–',
      '–',
      'not applicable: no HTTP',
    ]);
  });
});

describe('problemTable()', () => {
  it('has a line for every check that did not pass, on one line each', () => {
    const { rows } = problemTable([judged([passed, failed, missing], [failed])], NONE);
    expect(rows.map((row) => row.slice(2))).toEqual([
      ['tools-list', 'order', 'warning', 'not in order'],
      ['caching', '', 'missing', 'the runner left no result'],
      ['tools-list', 'order', 'warning (not required)', 'not in order'],
    ]);
  });

  it('marks what is expected', () => {
    const { rows } = problemTable([judged([failed])], new Set(['tools-list']));
    expect(rows[0]?.[4]).toBe('warning (expected)');
  });
});

describe('complaints()', () => {
  it('has none when everything required passed, whatever else did not', () => {
    expect(complaints([judged([passed, skipped], [failed])], NONE)).toEqual([]);
  });

  it.each([
    ['a failure', failed],
    ['a missing result', missing],
  ])('complains of %s', (_what, result) => {
    expect(complaints([judged([passed, result])], NONE)).toEqual([
      `Unexpected failure: ${result.scenario} of 2025-11-25, upstream stdio`,
    ]);
  });

  it('does not complain of an expected failure, but of one that passes', () => {
    expect(complaints([judged([failed])], new Set(['tools-list:order']))).toEqual([]);
    expect(complaints([judged([passed])], new Set(['ping']))).toEqual(['Expected to fail, but passes: ping']);
  });

  it('complains when nothing was run: an empty run proves nothing', () => {
    const verdict: Verdict = { way: 'stdio', set: 'tasks', direct: true, notApplicable: 'no HTTP' };
    expect(complaints([verdict], NONE)).toEqual(['No scenario was run']);
    expect(complaints([], NONE)).toEqual(['No scenario was run']);
  });
});

describe('ifNotApplicable()', () => {
  it('lets the gateway stand between either revision and every upstream', () => {
    for (const way of ['http-modern', 'http-legacy', 'stdio'] as const) {
      expect(ifNotApplicable(way, '2026-07-28', false)).toBeUndefined();
      expect(ifNotApplicable(way, '2025-11-25', false)).toBeUndefined();
    }
  });

  it('judges directly only what the fixture speaks there', () => {
    expect(ifNotApplicable('http-modern', '2026-07-28', true)).toBeUndefined();
    expect(ifNotApplicable('http-modern', 'tasks', true)).toBeUndefined();
    expect(ifNotApplicable('http-modern', '2025-11-25', true)).toBeDefined();
    expect(ifNotApplicable('http-legacy', '2025-11-25', true)).toBeUndefined();
    expect(ifNotApplicable('http-legacy', '2026-07-28', true)).toBeDefined();
    expect(ifNotApplicable('stdio', '2025-11-25', true)).toBeDefined();
  });

  it('looks for no tasks behind a handshake', () => {
    expect(ifNotApplicable('http-legacy', 'tasks', false)).toBeDefined();
    expect(ifNotApplicable('stdio', 'tasks', false)).toBeUndefined();
  });
});
