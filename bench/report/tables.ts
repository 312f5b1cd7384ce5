import { errorCount, type BenchFigures, type CallFigures, type RoundFigures } from '../figures.ts';
import type { Machine } from '../machine.ts';
import { pairwise } from '../statistics.ts';
import { toMib, toNumber, toSpread, toSpreadOf } from './numbers.ts';
import type { Table } from './table.ts';

/** All tables of a run, in the order in which they are printed. */
export function reportTables(figures: BenchFigures): readonly Table[] {
  return [
    machineTable(figures),
    callTable(figures),
    ratioTable(figures),
    addedLatencyTable(figures),
    costTable(figures),
    ...errorTables(figures),
  ];
}

function machineTable({ machine, startedAt, seconds, settings }: BenchFigures): Table {
  return {
    title: 'Run',
    columns: ['what', 'value'],
    words: 2,
    rows: [
      ['started', `${startedAt}, took ${seconds} s`],
      ['rounds', `${settings.rounds} of ${settings.roundMs / 1000} s each`],
      ...machineRows(machine),
    ],
  };
}

/** What a figure of any benchmark has to be read with. */
export function machineRows(machine: Machine): string[][] {
  return [
    ['processor', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', toMib(machine.memoryBytes)],
    ['system', `${machine.kernel}, Node ${machine.node}`],
    ['load average before', toNumber(machine.loadBefore)],
    ['commit', machine.commit ?? 'unknown'],
    ...Object.entries(machine.versions),
  ];
}

function callTable({ calls }: BenchFigures): Table {
  const rows = calls.map((entry) => {
    const column = (pick: (round: RoundFigures) => number): string => toSpreadOf(entry.rounds.map(pick));
    return [
      entry.upstream,
      entry.way,
      `${entry.clients}`,
      column(({ callsPerSecond }) => callsPerSecond),
      column(({ p50Ms }) => p50Ms),
      column(({ p90Ms }) => p90Ms),
      column(({ p99Ms }) => p99Ms),
      `${errorCount(entry)}`,
    ];
  });
  return {
    title: 'tools/call: median (min–max) of the rounds',
    columns: ['upstream', 'through', 'clients', 'calls/s', 'p50 ms', 'p90 ms', 'p99 ms', 'errors'],
    words: 2,
    rows,
  };
}

function ratioTable({ calls }: BenchFigures): Table {
  const rows = pairsWithSmcp(calls).map(({ smcp, other }) => [
    smcp.upstream,
    other.way,
    `${smcp.clients}`,
    pairedRounds(
      smcp,
      other,
      ({ callsPerSecond }) => callsPerSecond,
      (a, b) => a / b,
    ),
    pairedRounds(
      smcp,
      other,
      ({ p50Ms }) => p50Ms,
      (a, b) => a / b,
    ),
    pairedRounds(
      smcp,
      other,
      ({ p99Ms }) => p99Ms,
      (a, b) => a / b,
    ),
  ]);
  return {
    title: 'smcp divided by the other, round by round: median (min–max)',
    columns: ['upstream', 'other', 'clients', 'calls/s', 'p50', 'p99'],
    words: 2,
    rows,
  };
}

function addedLatencyTable({ calls }: BenchFigures): Table {
  const alone = pairsWithSmcp(calls).filter(
    ({ smcp, other }) => smcp.clients === 1 && other.way === 'direct',
  );
  const rows = alone.map(({ smcp, other }) => [
    smcp.upstream,
    pairedRounds(
      smcp,
      other,
      ({ p50Ms }) => p50Ms,
      (a, b) => a - b,
    ),
    pairedRounds(
      smcp,
      other,
      ({ p99Ms }) => p99Ms,
      (a, b) => a - b,
    ),
  ]);
  return {
    title: 'Latency that smcp adds for one client, milliseconds: median (min–max)',
    columns: ['upstream', 'p50', 'p99'],
    words: 1,
    rows,
  };
}

function costTable({ calls, memory, policy, startMs, settings }: BenchFigures): Table {
  const most = Math.max(...settings.clients);
  const cpuRows = calls.flatMap(({ upstream, way, clients, rounds }) => {
    const micros = rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall ?? Number.NaN);
    return clients !== most || micros.some((value) => Number.isNaN(value))
      ? []
      : [[`CPU time of ${way} per call to ${upstream}, ${clients} clients`, `${toSpreadOf(micros)} µs`]];
  });
  return {
    title: 'What it costs',
    columns: ['what', 'value'],
    words: 2,
    rows: [
      [
        `policy decision, ${policy.rules} rules, ${policy.roles} roles`,
        `p50 ${toNumber(policy.p50_us)} µs, p99 ${toNumber(policy.p99_us)} µs`,
      ],
      [`smcp from start to listening, ${startMs.length} starts`, `${toSpreadOf(startMs)} ms`],
      ...cpuRows,
      ...memory.map(({ what, residentBytes }) => [`resident memory: ${what}`, toMib(residentBytes)]),
    ],
  };
}

function errorTables({ calls }: BenchFigures): readonly Table[] {
  const rows = calls
    .filter((entry) => errorCount(entry) > 0)
    .flatMap(({ upstream, clients, way, rounds }) =>
      rounds.flatMap(({ errors }, round) =>
        Object.entries(errors).map(([kind, count]) => [
          upstream,
          way,
          kind,
          `${clients}`,
          `${round + 1}`,
          `${count}`,
        ]),
      ),
    );
  return rows.length === 0
    ? []
    : [
        {
          title: 'Errors',
          columns: ['upstream', 'through', 'kind', 'clients', 'round', 'count'],
          words: 3,
          rows,
        },
      ];
}

interface Pair {
  readonly smcp: CallFigures;
  readonly other: CallFigures;
}

function pairsWithSmcp(calls: readonly CallFigures[]): readonly Pair[] {
  return calls
    .filter(({ way }) => way === 'smcp')
    .flatMap((smcp) =>
      calls
        .filter(
          ({ upstream, clients, way }) =>
            upstream === smcp.upstream && clients === smcp.clients && way !== 'smcp',
        )
        .map((other) => ({ smcp, other })),
    );
}

function pairedRounds(
  smcp: CallFigures,
  other: CallFigures,
  pick: (round: RoundFigures) => number,
  combine: (smcp: number, other: number) => number,
): string {
  return toSpread(pairwise(smcp.rounds.map(pick), other.rounds.map(pick), combine));
}
