import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { benchProgram } from './targets/installed.ts';

/** Benchmarks with a program of their own, by the word that names them. */
export const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  codemode: ['codemode', 'run.ts'],
  tokens: ['tokens', 'run.ts'],
  discovery: ['discovery', 'recall.ts'],
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SIGNAL_EXIT = 128;

/** The benchmark that the first argument names, and what it is given; undefined when the arguments begin with an option or there are none. */
export type Chosen = { readonly program: string; readonly args: readonly string[] };

/** @throws {TypeError} When the first argument is a word that names no benchmark. */
export function ifSubcommand(args: readonly string[]): Chosen | undefined {
  const [word, ...rest] = args;
  if (word === undefined || word.startsWith('-')) {
    return undefined;
  }
  const path = Object.hasOwn(SUBCOMMANDS, word) ? SUBCOMMANDS[word] : undefined;
  if (path === undefined) {
    throw new TypeError(`There is ${Object.keys(SUBCOMMANDS).join(', ')}, got "${word}"`);
  }
  return { program: benchProgram(...path), args: rest };
}

/** Runs it in a process of its own, which gets our output and our signals. Gives its exit code. */
export async function runSubcommand({ program, args }: Chosen): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of SIGNALS) {
    process.on(signal, forward);
  }
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? SIGNAL_EXIT + constants.signals[signal ?? 'SIGKILL'];
  } finally {
    for (const signal of SIGNALS) {
      process.off(signal, forward);
    }
  }
}
