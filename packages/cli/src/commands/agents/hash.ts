import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { hashCode } from '../../code-hash/hash-code.ts';
import { EXIT } from '../../output/exit-codes.ts';

/** `smcp agents hash`: what `agents create --code` would register, and what the agent presents. */
export function agentsHashCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'hash',
    'print the code hash of a file or folder',
    async ({ args: [path = ''] }) => {
      const codeHash = await hashCode(path);
      await cli.out.result({ codeHash }, () => codeHash);
      return EXIT.ok;
    },
  )
    .argument('<path>', 'file, or folder with everything in it but .git')
    .addHelpText(
      'after',
      `
The hash of a file is its SHA-256, as sha256sum prints it. The hash of a folder covers the names and contents of all files in it.
${examples('smcp agents hash dist/bot.mjs', 'smcp agents hash ./planner')}`,
    );
}
