import { parseArgs } from 'node:util';

export interface CodemodeSettings {
  readonly rounds: number;
  /** Starts of each contender, and of the gateway. */
  readonly starts: number;
  /** Fresh scripts of a contender in a round, fewer when they take longer than `freshMs`. */
  readonly freshRuns: number;
  readonly freshMs: number;
  /** Time for scripts at the same time in a round. */
  readonly parallelMs: number;
  readonly clients: number;
  /** Scripts of each other kind in a round. */
  readonly repeats: number;
  /** Checked scripts in a round. */
  readonly checkedRuns: number;
  /** Numbers of calls that are made plainly and by a script. */
  readonly savings: readonly number[];
  /** Numbers of sessions whose memory is measured, ascending. */
  readonly sessions: readonly number[];
  /** Checks of a long script against many tools. */
  readonly checks: number;
  /** The run is given up after this time. */
  readonly deadlineMs: number;
}

const FULL: CodemodeSettings = {
  rounds: 5,
  starts: 5,
  freshRuns: 200,
  freshMs: 1500,
  parallelMs: 1000,
  clients: 4,
  repeats: 3,
  checkedRuns: 15,
  savings: [1, 5, 20, 100],
  sessions: [8, 16],
  checks: 20,
  deadlineMs: 6 * 60_000,
};

/** Shows that everything works; its figures mean little. */
const QUICK: CodemodeSettings = {
  ...FULL,
  rounds: 1,
  starts: 1,
  freshRuns: 20,
  freshMs: 500,
  parallelMs: 300,
  repeats: 1,
  checkedRuns: 2,
  savings: [1, 5],
  sessions: [2],
  checks: 2,
  deadlineMs: 120_000,
};

export interface CodemodeOptions {
  readonly settings: CodemodeSettings;
  readonly output: 'text' | 'markdown' | 'json';
  /** File of an earlier run to print, instead of measuring. */
  readonly from: string | undefined;
  /** Whether other implementations are installed and measured too. */
  readonly peers: boolean;
}

export const CODEMODE_USAGE = `Usage: node bench/codemode/run.ts [--quick] [--no-peers] [--json | --markdown] [--from FILE]
  --quick      one short round of everything, as a smoke test
  --no-peers   measure nobody but SMCP; nothing is installed
  --json       print the figures as JSON
  --markdown   print the tables as Markdown
  --from FILE  print the figures of an earlier run (out/codemode.json) instead of measuring`;

/** @throws {TypeError} When an option is unknown, lacks its value, or contradicts another. */
export function parseCodemodeOptions(args: readonly string[]): CodemodeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      'no-peers': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      from: { type: 'string' },
    },
  });
  if (values.json && values.markdown) {
    throw new TypeError('Give --json or --markdown, not both');
  }
  if (values.from !== undefined && (values.quick || values['no-peers'])) {
    throw new TypeError('Give --from alone: it measures nothing');
  }
  const output = values.json ? 'json' : values.markdown ? 'markdown' : 'text';
  return {
    settings: values.quick ? QUICK : FULL,
    output,
    from: values.from,
    peers: !values['no-peers'],
  };
}
