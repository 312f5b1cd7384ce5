import { Command } from 'commander';
import type { ExitCode } from '../output/exit-codes.ts';
import type { Cli, GlobalOptions } from './cli.ts';

export interface Given<O> {
  /** Arguments in order; those left out are absent. */
  readonly args: readonly string[];
  readonly options: O & GlobalOptions;
}

/** A command that runs `handler`, whose result is the exit code. `O` is what its options give. */
export function createCommand<O extends object = object>(
  cli: Cli,
  name: string,
  summary: string,
  handler: (given: Given<O>) => Promise<ExitCode>,
): Command {
  const command = new Command(name).description(summary);
  return command.action(async () => {
    const options = command.optsWithGlobals<O & GlobalOptions>();
    cli.configure(options);
    cli.exitCode = await handler({ args: command.args, options });
  });
}

/** A command that only has commands. */
export function createGroup(name: string, summary: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(summary);
  for (const command of commands) group.addCommand(command);
  return group;
}

/** Text below the help of a command. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
