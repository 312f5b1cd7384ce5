import { toMib, toNumber } from '../report/numbers.ts';
import type { Table } from '../report/table.ts';
import type { SoakFigures } from './figures.ts';
import type { PromiseKept } from './promises.ts';
import type { Series } from './watch/slope.ts';

/** All tables of a run, in the order in which they are printed. */
export function soakTables(figures: SoakFigures, promises: readonly PromiseKept[]): readonly Table[] {
  return [runTable(figures), clientTable(figures), trendTable(figures), promiseTable(promises)];
}

function runTable({ options, seconds, calls, kills, warmUpMinutes, audit }: SoakFigures): Table {
  return {
    title: 'Run',
    columns: ['what', 'value'],
    words: 2,
    rows: [
      ['time', `${seconds} s, of which the first ${toNumber(warmUpMinutes * 60)} s are warm-up`],
      ['seed', `${options.seed}`],
      ['calls made', `${calls.made}`],
      ['answered', `${calls.answered}`],
      ['failed with an error', `${calls.failed}, of which carried out all the same: ${calls.failedExecuted}`],
      ['caller vanished', `${calls.vanished}`],
      ['carried out by servers', `${calls.executed}`],
      ...Object.entries(calls.errors).map(([kind, count]) => [`error ${kind}`, `${count}`]),
      ...Object.entries(kills).map(([kind, count]) => [`kills of ${kind}`, `${count}`]),
      ['audit records', `${audit.records}`],
    ],
  };
}

function clientTable({ workers }: SoakFigures): Table {
  const rows = [...Map.groupBy(workers, ({ kind }) => kind)].map(([kind, those]) => {
    const sum = (pick: (worker: (typeof those)[number]) => number): string =>
      `${those.reduce((total, worker) => total + pick(worker), 0)}`;
    return [
      kind,
      sum(() => 1),
      sum(({ lives }) => lives),
      sum(({ vanished }) => vanished),
      sum(({ abandoned }) => abandoned),
      sum(({ failedOpenings }) => Object.values(failedOpenings).reduce((total, count) => total + count, 0)),
    ];
  });
  return {
    title: 'Clients',
    columns: ['kind', 'at a time', 'in all', 'vanished in a call', 'abandoned', 'could not begin'],
    words: 1,
    rows,
  };
}

function trendTable({ trends }: SoakFigures): Table {
  const row = (what: string, series: Series | undefined, show: (value: number) => string): string[] =>
    series === undefined
      ? [what, '–', '–', '–', '–']
      : [what, show(series.first), show(series.last), show(series.most), toNumber(series.perMinute)];
  return {
    title: 'The gateway after the warm-up',
    columns: ['what', 'first', 'last', 'most', 'slope per minute'],
    words: 1,
    rows: [
      row('resident memory (slope in bytes)', trends?.residentBytes, toMib),
      row('open handles', trends?.handles, String),
      row('processes', trends?.processes, String),
    ],
  };
}

function promiseTable(promises: readonly PromiseKept[]): Table {
  return {
    title: 'Promises',
    columns: ['promise', 'kept', 'found'],
    words: 3,
    rows: promises.map(({ promise, kept, found }) => [
      promise,
      kept === undefined ? 'run too short to tell' : kept ? 'yes' : 'BROKEN',
      found,
    ]),
  };
}
