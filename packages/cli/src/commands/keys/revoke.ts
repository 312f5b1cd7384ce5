import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { revokeCredential } from '../../credentials/revoke.ts';

/** `smcp keys revoke` */
export function keysRevokeCommand(cli: Cli): Command {
  return createCommand(cli, 'revoke', 'refuse a key from now on', async ({ args: [name = ''] }) =>
    revokeCredential(cli, 'key', name),
  )
    .argument('<name>', 'name of the key')
    .addHelpText('after', examples('smcp keys revoke alice'));
}
