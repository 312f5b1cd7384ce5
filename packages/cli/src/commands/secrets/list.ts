import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';

/** `smcp secrets list`: names only. */
export function secretsListCommand(cli: Cli): Command {
  return createCommand(cli, 'list', 'list the names of the secrets', async () => {
    const secrets = await (await cli.foundation()).vault.list();
    await cli.out.result({ secrets }, () =>
      secrets.length === 0
        ? 'There are no secrets in the store'
        : cli.out.table(secrets, [
            { head: 'NAME', cell: ({ name }) => name },
            { head: 'SET', cell: ({ updatedAt }) => updatedAt },
          ]),
    );
    return EXIT.ok;
  }).addHelpText('after', examples('smcp secrets list'));
}
