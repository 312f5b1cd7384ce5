import { describe, expect, it } from 'vitest';
import type { BenchFigures, CallFigures, RoundFigures, UpstreamName, Way } from '../figures.ts';
import { parseOptions } from '../options.ts';
import { toMib, toNumber, toSpread } from '../report/numbers.ts';
import { toMarkdown, toText, type Table } from '../report/table.ts';
import { reportTables } from '../report/tables.ts';

function round(callsPerSecond: number, p50Ms: number, errors: Record<string, number> = {}): RoundFigures {
  const latencies = { p50Ms, p90Ms: p50Ms * 2, p99Ms: p50Ms * 3, maxMs: p50Ms * 4 };
  return {
    calls: callsPerSecond,
    callsPerSecond,
    ...latencies,
    errors,
    generatorCpu: 0.5,
    cpuMicrosPerCall: 250,
  };
}

function calls(upstream: UpstreamName, way: Way, clients: number, ...rounds: RoundFigures[]): CallFigures {
  return { upstream, way, clients, rounds };
}

function figures(...entries: CallFigures[]): BenchFigures {
  return {
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 99,
    machine: {
      cpu: 'A processor',
      cores: 2,
      memoryBytes: 2 ** 30,
      kernel: 'linux 1',
      node: 'v24',
      loadBefore: 0.1,
      versions: { 'mcp-proxy': '1.2.3' },
    },
    settings: parseOptions([]).settings,
    policy: { rules: 1000, roles: 100, calls: 1, p50_us: 2, p99_us: 40, max_us: 99 },
    calls: entries,
    memory: [{ what: 'smcp after its start', residentBytes: 100 * 2 ** 20 }],
    startMs: [500, 700, 600],
  };
}

function tableNamed(found: BenchFigures, start: string): Table | undefined {
  return reportTables(found).find(({ title }) => title.startsWith(start));
}

describe('reportTables()', () => {
  const alone = figures(
    calls('HTTP echo', 'direct', 1, round(1000, 1), round(500, 2), round(100, 10)),
    calls('HTTP echo', 'smcp', 1, round(500, 2), round(300, 3), round(90, 11)),
    calls('HTTP echo', 'direct', 16, round(1000, 1), round(1000, 1), round(1000, 1)),
    calls('HTTP echo', 'smcp', 16, round(400, 2), round(400, 2), round(400, 2)),
    calls('stdio echo', 'mcp-proxy', 16, round(1, 1), round(1, 1), round(1, 1)),
  );

  it('compares rounds with their neighbours, of the same upstream and number of clients only', () => {
    expect(tableNamed(alone, 'smcp divided')?.rows).toEqual([
      ['HTTP echo', 'direct', '1', '0.60 (0.50–0.90)', '1.50 (1.10–2.00)', '1.50 (1.10–2.00)'],
      ['HTTP echo', 'direct', '16', '0.40', '2.00', '2.00'],
    ]);
  });

  it('subtracts latencies round by round for one client', () => {
    expect(tableNamed(alone, 'Latency that smcp adds')?.rows).toEqual([['HTTP echo', '1.00', '3.00']]);
  });

  it('shows CPU time for the most clients only, and start times as a spread', () => {
    const rows = tableNamed(alone, 'What it costs')?.rows ?? [];
    expect(rows).toContainEqual(['smcp from start to listening, 3 starts', '600 (500–700) ms']);
    expect(rows).toContainEqual(['CPU time of smcp per call to HTTP echo, 16 clients', '250 µs']);
    expect(rows.filter(([what]) => what?.includes('1 clients'))).toEqual([]);
    expect(rows).toContainEqual(['resident memory: smcp after its start', '100 MiB']);
  });

  it('has no table of errors when there are none', () => {
    expect(tableNamed(alone, 'Errors')).toBeUndefined();
  });

  it('shows errors as a sum beside the figures, and each kind with its round', () => {
    const failing = figures(
      calls('HTTP echo', 'smcp', 1, round(5, 1, { 'HTTP 503': 2 }), round(5, 1, { 'wrong id': 1 })),
    );
    expect(tableNamed(failing, 'tools/call')?.rows[0]?.at(-1)).toBe('3');
    expect(tableNamed(failing, 'Errors')?.rows).toEqual([
      ['HTTP echo', 'smcp', 'HTTP 503', '1', '1', '2'],
      ['HTTP echo', 'smcp', 'wrong id', '1', '2', '1'],
    ]);
  });

  it('gives every row as many cells as the table has columns', () => {
    for (const { columns, rows } of reportTables(alone)) {
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
  });
});

describe('toText() and toMarkdown()', () => {
  const table: Table = {
    title: 'T',
    columns: ['name', 'n'],
    words: 1,
    rows: [
      ['a', '5'],
      ['long name', '1000'],
    ],
  };

  it('toText() aligns words to the left and numbers to the right', () => {
    expect(toText(table)).toBe(
      ['T', 'name          n', '---------  ----', 'a             5', 'long name  1000'].join('\n'),
    );
  });

  it('toMarkdown() makes a table that Markdown reads', () => {
    expect(toMarkdown(table)).toBe(
      ['**T**', '', '| name | n |', '| --- | ---: |', '| a | 5 |', '| long name | 1000 |'].join('\n'),
    );
  });
});

describe('numbers', () => {
  it.each([
    [12_345.6, '12346'],
    [123.4, '123'],
    [12.34, '12.3'],
    [1.234, '1.23'],
    [0.1234, '0.12'],
    [-1.5, '-1.50'],
    [0, '0.00'],
    [Number.NaN, '–'],
  ])('toNumber(%f) is short', (value, expected) => {
    expect(toNumber(value)).toBe(expected);
  });

  it('toSpread() leaves out a range that is none', () => {
    expect(toSpread({ min: 2, median: 2, max: 2 })).toBe('2.00');
    expect(toSpread({ min: 1, median: 2, max: 30 })).toBe('2.00 (1.00–30.0)');
  });

  it('toMib() rounds', () => {
    expect(toMib(1.6 * 2 ** 20)).toBe('2 MiB');
  });
});
