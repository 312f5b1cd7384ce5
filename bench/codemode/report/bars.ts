import { toNumber } from '../../report/numbers.ts';
import type { Table } from '../../report/table.ts';
import { quantile, spreadOf } from '../../statistics.ts';
import type { CodemodeFigures } from '../figures.ts';

/** What code mode has to stay under. */
export interface Bar {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** NaN when it was not measured. */
  readonly measured: number;
}

/** The bars of a run, with the medians of its rounds. */
export function barsOf({ contenders, gateway, checker }: CodemodeFigures): readonly Bar[] {
  const engine = contenders.find(({ name }) => name === 'smcp');
  const median = (values: readonly number[] = []): number =>
    values.length === 0 ? Number.NaN : spreadOf(values).median;
  return [
    {
      what: 'fresh sandbox and a value, warm pool, p50',
      limit: 10,
      unit: 'ms',
      measured: median(engine?.rounds.map(({ freshP50Ms }) => freshP50Ms)),
    },
    {
      what: 'the same through the gateway, unchecked, p50',
      limit: 10,
      unit: 'ms',
      measured: median(gateway.rounds.map(({ uncheckedP50Ms }) => uncheckedP50Ms)),
    },
    {
      what: 'a call inside a script above a plain call, p50',
      limit: 1,
      unit: 'ms',
      measured: median(gateway.rounds.map(({ insideP50Ms, plainP50Ms }) => insideP50Ms - plainP50Ms)),
    },
    {
      what: 'a call inside a script to a function, no gate',
      limit: 1,
      unit: 'ms',
      measured: median(engine?.rounds.map(({ callMicros }) => callMicros / 1000)),
    },
    { what: 'context of code mode', limit: 250, unit: 'tokens', measured: gateway.contextTokens },
    {
      what: `check of a new script, ${checker.lines} lines, ${checker.tools} tools, p50`,
      limit: 150,
      unit: 'ms',
      measured: quantile(checker.warmMs, 0.5),
    },
  ];
}

export function barTable(figures: CodemodeFigures): Table {
  return {
    title: 'Bars: measured divided by the bar, at most 1 is good',
    columns: ['what', 'unit', 'bar', 'measured', 'measured / bar', 'held'],
    words: 2,
    rows: barsOf(figures).map(({ what, unit, limit, measured }) => [
      what,
      unit,
      `${limit}`,
      toNumber(measured),
      toNumber(measured / limit),
      measured <= limit ? 'yes' : 'no',
    ]),
  };
}
