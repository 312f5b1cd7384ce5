import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';

/** `smcp secrets delete` */
export function secretsDeleteCommand(cli: Cli): Command {
  return createCommand(cli, 'delete', 'delete a secret', async ({ args: [name = ''] }) => {
    await recordChange(cli, async ({ vault }) => {
      if (!(await vault.delete(name))) {
        throw new CliError('NOT_FOUND', `There is no secret called ${JSON.stringify(name.slice(0, 64))}`, {
          remedy: 'see: smcp secrets list',
        });
      }
      return { result: undefined, event: 'secret.deleted', detail: { name } };
    });
    await cli.out.result({ name, deleted: true }, () => `Deleted ${name}`);
    return EXIT.ok;
  })
    .argument('<name>', 'name of the secret')
    .addHelpText('after', examples('smcp secrets delete slack-token'));
}
