import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isExpected, readExpectedFailures, staleEntries } from '../suite/expected-failures.ts';
import type { ScenarioResult } from '../suite/read-checks.ts';

const failed = (scenario: string, ...checks: string[]): ScenarioResult => ({
  scenario,
  outcome: 'failed',
  problems: checks.map((check) => ({ check, status: 'FAILURE', reason: 'because' })),
});
const passed = (scenario: string): ScenarioResult => ({ scenario, outcome: 'passed', problems: [] });

describe('readExpectedFailures()', () => {
  it('finds that we expect no failure', async () => {
    const file = join(import.meta.dirname, '..', 'expected-failures.yml');
    expect([...(await readExpectedFailures(file))]).toEqual([]);
  });
});

describe('isExpected()', () => {
  it.each([
    ['the whole scenario', new Set(['ping'])],
    ['every check that failed', new Set(['ping:a', 'ping:b'])],
  ])('agrees when %s is listed', (_what, expected) => {
    expect(isExpected(failed('ping', 'a', 'b'), expected)).toBe(true);
  });

  it.each([
    ['nothing', new Set<string>()],
    ['only one of the checks that failed', new Set(['ping:a'])],
    ['the same check of another scenario', new Set(['pong:a', 'pong:b'])],
  ])('does not agree when %s is listed', (_what, expected) => {
    expect(isExpected(failed('ping', 'a', 'b'), expected)).toBe(false);
  });

  it('does not take a missing result for an expected failure of no checks', () => {
    expect(isExpected({ scenario: 'ping', outcome: 'missing', problems: [] }, new Set(['ping:a']))).toBe(
      false,
    );
  });
});

describe('staleEntries()', () => {
  it('names what passes by now', () => {
    const expected = new Set(['ping', 'caching:ttl', 'tools-list:order']);
    expect(
      staleEntries([passed('ping'), failed('caching', 'scope'), passed('tools-list')], expected),
    ).toEqual(['ping', 'caching:ttl', 'tools-list:order']);
  });

  it('keeps what fails in any of the runs, and what was not run', () => {
    const expected = new Set(['ping', 'caching:ttl', 'other']);
    const results = [passed('ping'), failed('ping', 'a'), failed('caching', 'ttl')];
    expect(staleEntries(results, expected)).toEqual([]);
  });
});
