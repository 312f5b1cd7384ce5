import { CommanderError } from 'commander';
import { Cli } from './cli/cli.ts';
import { processIo, type Io } from './cli/io.ts';
import { printError } from './errors/print-error.ts';
import { toReport } from './errors/to-report.ts';
import { EXIT } from './output/exit-codes.ts';
import { OutputClosedError } from './output/output.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command.
 *
 * @param argv As in `process.argv`: program, script, then arguments.
 * @returns The exit code. Never rejects: whatever goes wrong is printed.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const cli = new Cli(io);
  // Known before parsing, because a command line that cannot be parsed must be answered in JSON, too.
  cli.out.json = argv.includes('--json');
  try {
    await run(cli, argv);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) cli.exitCode = await printError(cli.out, toReport(error));
  }
  return cli.exitCode ?? Number(process.exitCode ?? EXIT.ok);
}

async function run(cli: Cli, argv: readonly string[]): Promise<void> {
  await using opened = cli;
  const usage: string[] = [];
  const program = createProgram(opened, (text) => usage.push(text));
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for end the parsing, too.
    if (error.exitCode === 0) return;
    if (error.code === 'commander.help' && !opened.out.json) {
      opened.out.note(usage.join('').trimEnd());
      opened.exitCode = EXIT.usage;
      return;
    }
    throw error;
  }
}
