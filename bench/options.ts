import { parseArgs } from 'node:util';

export interface Settings {
  readonly rounds: number;
  readonly roundMs: number;
  /** Untimed calls before the first round of each case. */
  readonly warmUpMs: number;
  /** Untimed calls at the beginning of each round. */
  readonly rampMs: number;
  readonly clients: readonly number[];
  readonly openSessions: number;
  readonly starts: number;
  /** The run is given up after this time. */
  readonly deadlineMs: number;
}

const FULL: Settings = {
  rounds: 5,
  roundMs: 2500,
  warmUpMs: 5000,
  rampMs: 200,
  clients: [1, 16],
  openSessions: 1000,
  starts: 10,
  deadlineMs: 10 * 60_000,
};

/** Shows that everything works; its figures mean little. */
const QUICK: Settings = {
  ...FULL,
  rounds: 1,
  roundMs: 500,
  warmUpMs: 200,
  rampMs: 50,
  openSessions: 100,
  starts: 2,
  deadlineMs: 60_000,
};

export interface Options {
  readonly settings: Settings;
  readonly output: 'text' | 'markdown' | 'json';
  /** File of an earlier run to print, instead of measuring. */
  readonly from: string | undefined;
}

export const USAGE = `Usage: node bench/run.ts [--quick] [--json | --markdown] [--from FILE]
       node bench/run.ts codemode | tokens | discovery [options of that benchmark]
  codemode     scripts: sandboxes and calls inside them, beside other implementations
  tokens       what work costs a model, as plain calls and as scripts
  discovery    how often a search for tools finds the right one
  --quick      one short round of everything, as a smoke test
  --json       print the figures as JSON
  --markdown   print the tables as Markdown
  --from FILE  print the figures of an earlier run (out/bench.json) instead of measuring`;

/** @throws {TypeError} When an option is unknown, lacks its value, or contradicts another. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      from: { type: 'string' },
    },
  });
  if (values.json && values.markdown) {
    throw new TypeError('Give --json or --markdown, not both');
  }
  if (values.quick && values.from !== undefined) {
    throw new TypeError('Give --quick or --from, not both');
  }
  const output = values.json ? 'json' : values.markdown ? 'markdown' : 'text';
  return { settings: values.quick ? QUICK : FULL, output, from: values.from };
}
