import { toText, type Table } from '../report/table.ts';
import type { ContextFigures } from './context.ts';
import type { Measured } from './measure.ts';
import { SPEED, totalsOf, type ModelRequest, type Totals } from './transcript.ts';

export interface TokenFigures {
  readonly measured: readonly Measured[];
  readonly context: ContextFigures;
}

type Way = 'plain' | 'batched' | 'script' | 'discovering';

/** The figures for people: each piece of work, and what a script saves. */
export function reportText({ measured, context }: TokenFigures): string {
  return [
    toText(workTable(measured)),
    toText(savingTable(measured)),
    toText(contextTable(context)),
    `Tokens: o200k_base. Time: ${SPEED.latencyMs} ms a request, ${SPEED.promptTokensPerSecond} tokens/s read, ${SPEED.completionTokensPerSecond} tokens/s written, and the measured time of calls.`,
  ].join('\n\n');
}

function workTable(measured: readonly Measured[]): Table {
  const cells = (name: string, calls: number, of: (way: Way) => Totals): readonly string[] => {
    const [plain, script] = [of('plain'), of('script')];
    return [
      name,
      String(calls),
      ...[plain, script].flatMap(({ requests, promptTokens, completionTokens, ms }) => [
        String(requests),
        String(promptTokens),
        String(completionTokens),
        (ms / 1000).toFixed(1),
      ]),
    ];
  };
  const sum = (way: Way): Totals => totalsOf(all(measured, way), SPEED);
  return {
    title: 'Plain calls, one per turn, and one script',
    columns: ['work', 'calls', 'requests', 'read', 'written', 's', 'requests', 'read', 'written', 's'],
    words: 1,
    rows: [
      ...measured.map((one) => cells(one.name, one.calls, (way) => totalsOf(one[way], SPEED))),
      cells(
        'all',
        measured.reduce((total, { calls }) => total + calls, 0),
        sum,
      ),
    ],
  };
}

function savingTable(measured: readonly Measured[]): Table {
  const row = (label: string, base: Way, way: Way): readonly string[] => {
    const [before, after] = [totalsOf(all(measured, base), SPEED), totalsOf(all(measured, way), SPEED)];
    const tokens = ({ promptTokens, completionTokens }: Totals): number => promptTokens + completionTokens;
    return [
      label,
      less(tokens(before), tokens(after)),
      less(before.requests, after.requests),
      less(before.ms, after.ms),
    ];
  };
  return {
    title: 'What scripts save',
    columns: ['compared', 'tokens', 'requests', 'time'],
    words: 1,
    rows: [
      row('script, declarations read once a session, against one call per turn', 'plain', 'script'),
      row('script, declarations read for each work, against one call per turn', 'plain', 'discovering'),
      row('script, declarations read once a session, against parallel calls', 'batched', 'script'),
      row('script, declarations read for each work, against parallel calls', 'batched', 'discovering'),
    ],
  };
}

function contextTable(context: ContextFigures): Table {
  const { servers, tools, definitionTokens, entryTokens, plainTokens, scriptTokens } = context;
  const { plainSessionsTokens, scriptSessionsTokens } = context;
  return {
    title: `Context with ${servers} real catalogues (${tools} tools) connected`,
    columns: ['what', 'plain', 'code mode', 'saved'],
    words: 1,
    rows: [
      ['definitions', String(definitionTokens), String(entryTokens), less(definitionTokens, entryTokens)],
      ['all work in one session', String(plainTokens), String(scriptTokens), less(plainTokens, scriptTokens)],
      [
        'a session for each work',
        String(plainSessionsTokens),
        String(scriptSessionsTokens),
        less(plainSessionsTokens, scriptSessionsTokens),
      ],
    ],
  };
}

function all(measured: readonly Measured[], way: Way): readonly ModelRequest[] {
  return measured.flatMap((one) => one[way]);
}

function less(before: number, after: number): string {
  return `${((1 - after / before) * 100).toFixed(1)} % less`;
}
