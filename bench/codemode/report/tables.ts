import { toMib, toNumber, toSpread, toSpreadOf } from '../../report/numbers.ts';
import type { Table } from '../../report/table.ts';
import { machineRows } from '../../report/tables.ts';
import { pairwise, quantile } from '../../statistics.ts';
import type { CodemodeFigures, ContenderFigures, ContenderRound, GatewayRound } from '../figures.ts';
import { WAIT_MS, WAITS } from '../scripts.ts';
import { barTable } from './bars.ts';

const GIB = 1024 ** 3;
const OURS = 'smcp';

/** All tables of a run, in the order in which they are printed. */
export function codemodeTables(figures: CodemodeFigures): readonly Table[] {
  return [
    runTable(figures),
    barTable(figures),
    whoTable(figures),
    contenderTable(figures),
    ratioTable(figures),
    memoryTable(figures),
    gatewayTable(figures),
    savingTable(figures),
    checkTable(figures),
    ...leftOutTables(figures),
  ];
}

function runTable({ startedAt, seconds, settings, machine, loadAfter }: CodemodeFigures): Table {
  return {
    title: 'Run',
    columns: ['what', 'value'],
    words: 2,
    rows: [
      ['started', `${startedAt}, took ${seconds} s`],
      ['rounds', `${settings.rounds}`],
      ...machineRows(machine),
      ['load average at the end', toNumber(loadAfter)],
    ],
  };
}

function whoTable({ contenders }: CodemodeFigures): Table {
  return {
    title: 'Who is measured without a gateway',
    columns: ['who', 'where a script runs'],
    words: 2,
    rows: contenders.map(({ name, sandbox }) => [name, sandbox]),
  };
}

interface Row {
  readonly what: string;
  readonly of: (round: ContenderRound) => number;
}

const ROWS: readonly Row[] = [
  { what: 'fresh sandbox and a value, p50 ms', of: ({ freshP50Ms }) => freshP50Ms },
  { what: 'fresh sandbox and a value, p99 ms', of: ({ freshP99Ms }) => freshP99Ms },
  { what: 'milliseconds per such script, 4 at once', of: ({ runsPerSecond }) => 1000 / runsPerSecond },
  { what: 'one call inside a script, µs', of: ({ callMicros }) => callMicros },
  { what: `${WAITS} calls of ${WAIT_MS} ms at once, ms`, of: ({ waitsMs }) => waitsMs },
  { what: 'a call that gives 1 MiB, ms', of: ({ bigResultMs }) => bigResultMs },
  { what: 'a script that returns 1 MiB, ms', of: ({ bigValueMs }) => bigValueMs },
];

/** Contenders beside each other, with the tools as functions of the process that opened them. */
function contenderTable({ contenders }: CodemodeFigures): Table {
  const row = (what: string, cell: (one: ContenderFigures) => string): readonly string[] => [
    what,
    ...contenders.map(cell),
  ];
  return {
    title: 'Scripts without a gateway, tools as functions of the process: median (min–max) of the rounds',
    columns: ['what', ...contenders.map(({ name }) => name)],
    words: 1,
    rows: [
      row('from starting the process to the first value, ms', ({ startMs }) => toSpreadOf(startMs)),
      row('from opening it to the first value, ms', ({ openMs }) => toSpreadOf(openMs)),
      ...ROWS.map(({ what, of }) => row(what, ({ rounds }) => toSpreadOf(rounds.map(of)))),
    ],
  };
}

/** Below 1, ours is the faster one. Rounds are compared with their neighbours in time. */
function ratioTable({ contenders }: CodemodeFigures): Table {
  const [ours, others] = oursAndOthers(contenders);
  const divide = (left: number, right: number): number => left / right;
  const starts = (pick: (one: ContenderFigures) => readonly number[]): readonly string[] =>
    others.map((other) => (ours === undefined ? '–' : toSpread(pairwise(pick(ours), pick(other), divide))));
  return {
    title: 'smcp divided by the others: below 1 smcp takes less time',
    columns: ['what', ...others.map(({ name }) => name)],
    words: 1,
    rows: [
      ['from opening it to the first value', ...starts(({ openMs }) => openMs)],
      ...ROWS.map(({ what, of }) => [
        what.replace(/,? (ms|µs)$/, ''),
        ...starts(({ rounds }) => rounds.map(of)),
      ]),
    ],
  };
}

function oursAndOthers(
  contenders: readonly ContenderFigures[],
): readonly [ContenderFigures | undefined, readonly ContenderFigures[]] {
  return [contenders.find(({ name }) => name === OURS), contenders.filter(({ name }) => name !== OURS)];
}

function memoryTable({ contenders, sessions }: CodemodeFigures): Table {
  const all = contenders.flatMap(({ name, memoryFirst, memoryEnd }) =>
    [
      { when: 'after its first value', memory: memoryFirst },
      { when: 'after all rounds', memory: memoryEnd },
    ].flatMap(({ when, memory }) =>
      memory === undefined
        ? []
        : [
            [
              `${name} ${when}, all processes`,
              `${memory.processes}`,
              toMib(memory.residentBytes),
              toMib(memory.proportionalBytes),
              '–',
            ],
          ],
    ),
  );
  const held = sessions.map(({ sessions: number, added }) => [
    `one idle session of smcp, of ${number}`,
    toNumber(added.processes / number),
    toMib(added.residentBytes / number),
    toMib(added.proportionalBytes / number),
    toNumber(Math.floor(GIB / (added.proportionalBytes / number))),
  ]);
  return {
    title: 'Memory; only smcp keeps variables from script to script',
    columns: ['what', 'processes', 'RSS', 'PSS', 'in 1 GiB'],
    words: 1,
    rows: [...held, ...all],
  };
}

function gatewayTable({ gateway }: CodemodeFigures): Table {
  const { listenMs, firstValueMs, rounds } = gateway;
  const row = (what: string, of: (round: GatewayRound) => number): readonly string[] => [
    what,
    toSpreadOf(rounds.map(of)),
  ];
  return {
    title: 'Scripts through the gateway, tools over stdio: median (min–max) of the rounds',
    columns: ['what', 'value'],
    words: 1,
    rows: [
      ['from starting the gateway until it listens, ms', toSpreadOf(listenMs)],
      ['from then to the value of a first script, ms', toSpreadOf(firstValueMs)],
      row('a script that returns a number, unchecked, p50 ms', ({ uncheckedP50Ms }) => uncheckedP50Ms),
      row('a script that returns a number, unchecked, p99 ms', ({ uncheckedP99Ms }) => uncheckedP99Ms),
      row('a new script that returns a number, checked, p50 ms', ({ checkedP50Ms }) => checkedP50Ms),
      row('a new script that returns a number, checked, p99 ms', ({ checkedP99Ms }) => checkedP99Ms),
      row('unchecked scripts per second, 4 clients', ({ runsPerSecond }) => runsPerSecond),
      row('a plain tools/call, p50 ms', ({ plainP50Ms }) => plainP50Ms),
      row('a plain tools/call, p99 ms', ({ plainP99Ms }) => plainP99Ms),
      row('the same call inside a script, p50 ms', ({ insideP50Ms }) => insideP50Ms),
      row('the same call inside a script, p99 ms', ({ insideP99Ms }) => insideP99Ms),
      row(`${WAITS} calls of ${WAIT_MS} ms at once, ms`, ({ waitsMs }) => waitsMs),
      row('a call that gives 1 MiB, ms', ({ bigResultMs }) => bigResultMs),
      row('a script that returns 1 MiB, ms', ({ bigValueMs }) => bigValueMs),
    ],
  };
}

function savingTable({ gateway: { rounds }, settings }: CodemodeFigures): Table {
  return {
    title: 'Plain calls of one client, one after another, and one script that makes them: no time of a model',
    columns: ['calls', 'plain ms', 'script ms', 'script / plain'],
    words: 0,
    rows: settings.savings.map((calls) => {
      const found = rounds.flatMap(({ savings }) => savings.filter((one) => one.calls === calls));
      return [
        `${calls}`,
        toSpreadOf(found.map(({ plainMs }) => plainMs)),
        toSpreadOf(found.map(({ scriptMs }) => scriptMs)),
        toSpreadOf(found.map(({ plainMs, scriptMs }) => scriptMs / plainMs)),
      ];
    }),
  };
}

function checkTable({ checker, search }: CodemodeFigures): Table {
  const p50 = (sorted: readonly number[]): string => toNumber(quantile(sorted, 0.5));
  const against = `${checker.lines} lines against ${checker.tools} tools`;
  const over = `over ${search.tools} tools of ${search.servers} servers`;
  return {
    title: 'Checker and search, ms',
    columns: ['what', 'value'],
    words: 1,
    rows: [
      [`declarations of ${checker.tools} tools, p50`, p50(checker.declareMs)],
      [`first check of ${against}`, toNumber(checker.firstMs)],
      [`a new script of ${against}, p50`, p50(checker.warmMs)],
      [`a new script of ${against}, p99`, toNumber(quantile(checker.warmMs, 0.99))],
      [`the same script again, p50`, p50(checker.againMs)],
      [`first search ${over}`, toNumber(search.firstMs)],
      [`search ${over}, p50`, toNumber(search.p50Ms)],
      [`search ${over}, p99`, toNumber(search.p99Ms)],
    ],
  };
}

function leftOutTables({ leftOut }: CodemodeFigures): readonly Table[] {
  const rows = Object.entries(leftOut);
  return rows.length === 0 ? [] : [{ title: 'Not measured', columns: ['what', 'why'], words: 2, rows }];
}
