import { describe, expect, it } from 'vitest';
import { createFailureReport, reportingFailures } from '../../src/telemetry/export-failures.ts';
import { memoryLogger } from './log-lines.ts';

describe('createFailureReport()', () => {
  it('logs the first failure at once and then one a minute, with the number of the others', () => {
    let now = 0;
    const { logger, lines } = memoryLogger();
    const report = createFailureReport(logger, () => now);
    report('traces', new Error('refused'));
    for (now = 1000; now < 60_000; now += 1000) report('metrics', new Error('refused'));
    expect(lines()).toEqual(['WARN cannot export traces to the collector error=refused']);
    now = 60_000;
    report('metrics', undefined);
    expect(lines()[1]).toBe(
      'WARN cannot export metrics to the collector error="no reason given" failuresBefore=59',
    );
  });
});

describe('reportingFailures()', () => {
  it('tells failures, keeps quiet on success, and passes every result on', () => {
    const told: string[] = [];
    const results: number[] = [];
    const exporter = {
      export: (code: number, done: (result: { code: number; error?: Error }) => void) =>
        done(code === 0 ? { code } : { code, error: new Error('down') }),
    };
    const wrapped = reportingFailures(exporter, 'traces', (what, error) =>
      told.push(`${what}: ${error?.message}`),
    );
    wrapped.export(0, ({ code }) => results.push(code));
    wrapped.export(1, ({ code }) => results.push(code));
    expect({ told, results }).toEqual({ told: ['traces: down'], results: [0, 1] });
  });
});
