import { describe, expect, it } from 'vitest';
import type { CodemodeFigures, ContenderFigures, GatewayRound } from '../../codemode/figures.ts';
import { parseCodemodeOptions } from '../../codemode/options.ts';
import { barsOf, barTable } from '../../codemode/report/bars.ts';
import { codemodeTables } from '../../codemode/report/tables.ts';
import { toMarkdown, toText, type Table } from '../../report/table.ts';

const MIB = 2 ** 20;

function contender(name: ContenderFigures['name'], ...freshP50Ms: number[]): ContenderFigures {
  return {
    name,
    sandbox: 'somewhere',
    startMs: freshP50Ms.map((ms) => ms * 100),
    openMs: freshP50Ms.map((ms) => ms * 10),
    reachMs: 0,
    rounds: freshP50Ms.map((ms) => ({
      freshP50Ms: ms,
      freshP99Ms: ms * 2,
      freshRuns: 200,
      runsPerSecond: 1000 / ms,
      callMicros: ms * 100,
      waitsMs: 100 + ms,
      bigResultMs: ms * 8,
      bigValueMs: ms * 9,
    })),
    memoryFirst: { processes: 4, residentBytes: 160 * MIB, proportionalBytes: 80 * MIB },
  };
}

function gatewayRound(uncheckedP50Ms: number, plainP50Ms: number, insideP50Ms: number): GatewayRound {
  return {
    uncheckedP50Ms,
    uncheckedP99Ms: 20,
    checkedP50Ms: 50,
    checkedP99Ms: 60,
    runsPerSecond: 150,
    plainP50Ms,
    plainP99Ms: 4,
    insideP50Ms,
    insideP99Ms: 3,
    waitsMs: 120,
    bigResultMs: 50,
    bigValueMs: 70,
    savings: [{ calls: 20, plainMs: 20, scriptMs: 25 }],
  };
}

function figures(...contenders: ContenderFigures[]): CodemodeFigures {
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
      versions: { 'isolated-vm': '7.0.1' },
    },
    loadAfter: 1.5,
    settings: { ...parseCodemodeOptions([]).settings, savings: [20] },
    contenders,
    leftOut: {},
    sessions: [
      {
        sessions: 8,
        added: { processes: 24, residentBytes: 512 * MIB, proportionalBytes: 160 * MIB },
      },
    ],
    gateway: {
      listenMs: [300, 400, 500],
      firstValueMs: [900, 1000, 1100],
      rounds: [gatewayRound(8, 1, 0.9), gatewayRound(9, 1.2, 1.7), gatewayRound(12, 1, 1.1)],
      contextTokens: 202,
    },
    checker: {
      lines: 50,
      tools: 100,
      declarationBytes: 1000,
      declareMs: [1, 2, 3],
      firstMs: 140,
      warmMs: [90, 100, 180],
      againMs: [0.1, 0.2, 0.3],
    },
    search: { servers: 17, tools: 309, firstMs: 80, queries: 100, p50Ms: 0.8, p99Ms: 5 },
  };
}

const BOTH = figures(contender('smcp', 4, 5, 9), contender('@utcp/code-mode', 2, 10, 3));

function tableNamed(found: CodemodeFigures, start: string): Table | undefined {
  return codemodeTables(found).find(({ title }) => title.startsWith(start));
}

function barNamed(found: CodemodeFigures, start: string): number | undefined {
  return barsOf(found).find(({ what }) => what.startsWith(start))?.measured;
}

describe('barsOf()', () => {
  it('takes medians of the rounds of smcp, not of anybody else', () => {
    expect(barNamed(BOTH, 'fresh sandbox')).toBe(5);
    expect(barNamed(BOTH, 'the same through the gateway')).toBe(9);
    expect(barNamed(BOTH, 'a call inside a script to a function')).toBe(0.5);
    expect(barNamed(BOTH, 'context')).toBe(202);
    expect(barNamed(BOTH, 'check of a new script')).toBe(100);
  });

  it('subtracts a plain call round by round', () => {
    // The differences are -0.1, 0.5 and 0.1; those of the medians would be something else.
    expect(barNamed(BOTH, 'a call inside a script above')).toBeCloseTo(0.1);
  });

  it('has no value where smcp was not measured', () => {
    expect(barNamed(figures(), 'fresh sandbox')).toBeNaN();
  });
});

describe('barTable()', () => {
  it('divides by the bar and says whether it held', () => {
    const rows = barTable(BOTH).rows;
    expect(rows[0]).toEqual(['fresh sandbox and a value, warm pool, p50', 'ms', '10', '5.00', '0.50', 'yes']);
  });

  it.each([
    [10, 'yes'],
    [10.01, 'no'],
  ])('takes %f ms of 10 as %s', (ms, held) => {
    expect(barTable(figures(contender('smcp', ms))).rows[0]?.at(-1)).toBe(held);
  });

  it('never holds what was not measured', () => {
    expect(barTable(figures()).rows[0]?.slice(3)).toEqual(['–', '–', 'no']);
  });
});

describe('codemodeTables()', () => {
  it('puts contenders beside each other', () => {
    const table = tableNamed(BOTH, 'Scripts without a gateway');
    expect(table?.columns).toEqual(['what', 'smcp', '@utcp/code-mode']);
    expect(table?.rows).toContainEqual([
      'fresh sandbox and a value, p50 ms',
      '5.00 (4.00–9.00)',
      '3.00 (2.00–10.0)',
    ]);
  });

  it('tells where the scripts of each run', () => {
    expect(tableNamed(BOTH, 'Who is measured')?.rows).toEqual([
      ['smcp', 'somewhere'],
      ['@utcp/code-mode', 'somewhere'],
    ]);
  });

  it('divides by the others round by round, and less is always better', () => {
    const rows = tableNamed(BOTH, 'smcp divided')?.rows ?? [];
    expect(rows).toContainEqual(['fresh sandbox and a value, p50', '2.00 (0.50–3.00)']);
    expect(rows).toContainEqual(['milliseconds per such script, 4 at once', '2.00 (0.50–3.00)']);
    expect(rows).toContainEqual(['one call inside a script', '2.00 (0.50–3.00)']);
  });

  it('gives memory per session, and how many go into a GiB', () => {
    expect(tableNamed(BOTH, 'Memory')?.rows[0]).toEqual([
      'one idle session of smcp, of 8',
      '3.00',
      '64 MiB',
      '20 MiB',
      '51.0',
    ]);
  });

  it('leaves out memory that was not told', () => {
    const rows = tableNamed(BOTH, 'Memory')?.rows ?? [];
    expect(rows.filter(([what]) => what?.includes('after all rounds'))).toEqual([]);
    expect(rows.filter(([what]) => what?.includes('after its first value'))).toHaveLength(2);
  });

  it('compares plain calls with scripts in the same round', () => {
    expect(tableNamed(BOTH, 'Plain calls')?.rows).toEqual([['20', '20.0', '25.0', '1.25']]);
  });

  it('names who was not measured and why, and only then', () => {
    expect(tableNamed(BOTH, 'Not measured')).toBeUndefined();
    const without = { ...BOTH, leftOut: { '@cloudflare/codemode': 'npm ci failed' } };
    expect(tableNamed(without, 'Not measured')?.rows).toEqual([['@cloudflare/codemode', 'npm ci failed']]);
  });

  it('gives every row as many cells as the table has columns, with and without peers', () => {
    for (const found of [BOTH, figures(contender('smcp', 1)), figures()]) {
      for (const table of codemodeTables(found)) {
        expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
        expect(toText(table)).toContain(table.title);
        expect(toMarkdown(table)).toMatch(/^\| ---/m);
      }
    }
  });

  it('can be printed from the file of a run', () => {
    const read = JSON.parse(JSON.stringify(BOTH)) as CodemodeFigures;
    expect(codemodeTables(read)).toEqual(codemodeTables(BOTH));
  });
});
