import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { readAll } from '../../input/read-input.ts';
import { promptSecret } from '../../input/secret-prompt.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';

const MAX_BYTES = 64 * 1024 + 2;

/** `smcp secrets set`: the value never stands on a command line, where other users and shell histories see it. */
export function secretsSetCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'set',
    'set a secret, read from standard input',
    async ({ args: [name = ''] }) => {
      const { stdin, stderr } = cli.io;
      const value =
        stdin.isTTY === true
          ? await promptSecret(`Value of ${cli.out.printable(name)} (not shown): `, stdin, stderr)
          : (await readAll(stdin, MAX_BYTES)).replace(/\r?\n$/, '');
      await recordChange(cli, async ({ vault }) => {
        await vault.set(name, value);
        return { result: undefined, event: 'secret.set', detail: { name } };
      });
      await cli.out.result({ name, set: true }, () => `Set ${name}; refer to it as \${secret:${name}}`);
      return EXIT.ok;
    },
  )
    .argument('<name>', 'letters, digits, "_", "." or "-"')
    .addHelpText(
      'after',
      `
On a terminal it asks, without showing what you type. Otherwise the value is standard input, without one line break at its end.
${examples('smcp secrets set slack-token', 'pass show slack | smcp secrets set slack-token')}`,
    );
}
