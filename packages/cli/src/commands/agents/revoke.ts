import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { revokeCredential } from '../../credentials/revoke.ts';

/** `smcp agents revoke` */
export function agentsRevokeCommand(cli: Cli): Command {
  return createCommand(cli, 'revoke', 'refuse an agent from now on', async ({ args: [name = ''] }) =>
    revokeCredential(cli, 'agent', name),
  )
    .argument('<name>', 'name of the agent')
    .addHelpText('after', examples('smcp agents revoke release-bot'));
}
