import type { Cli } from '../../cli/cli.ts';
import { CliError } from '../../errors/cli-error.ts';
import { readToolArguments } from '../../input/tool-arguments.ts';

export interface ArgumentOptions {
  /** `name=value`, each. */
  readonly arg?: readonly string[];
  /** A JSON object, `@file` or `-`. */
  readonly args?: string;
}

const PAIR = /^([^=]+)=(.*)$/s;

/**
 * What a script sees as `args`, as JSON text; undefined when nothing was given.
 *
 * @param script Where the script comes from, which may be standard input.
 * @throws {CliError} `USAGE`, `INPUT_INVALID`, `FILE_UNREADABLE`. Values are never quoted.
 */
export async function readScriptArguments(
  cli: Cli,
  { arg = [], args }: ArgumentOptions,
  script: string,
): Promise<string | undefined> {
  if (args === undefined) return arg.length === 0 ? undefined : JSON.stringify(fromPairs(arg));
  if (arg.length > 0) throw new CliError('USAGE', 'Give arguments with --arg or with --args, not both');
  if (args === '-' && script === '-') {
    throw new CliError('USAGE', 'Standard input can be the script or its arguments, not both');
  }
  return (await readToolArguments(args, cli)).text.trim();
}

function fromPairs(pairs: readonly string[]): object {
  const made = new Map<string, string>();
  for (const pair of pairs) {
    const [, name, value] = PAIR.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new CliError('USAGE', '--arg must be name=value, such as --arg limit=10');
    }
    if (made.has(name)) {
      throw new CliError('USAGE', `--arg gives ${JSON.stringify(name.slice(0, 64))} twice`);
    }
    made.set(name, value);
  }
  return Object.fromEntries(made);
}
