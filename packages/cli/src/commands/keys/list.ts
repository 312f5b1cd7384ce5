import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { LISTED_COLUMNS, toListed } from '../../credentials/listing.ts';
import { EXIT } from '../../output/exit-codes.ts';

/** `smcp keys list`: keys of the store, also expired and revoked ones. */
export function keysListCommand(cli: Cli): Command {
  return createCommand(cli, 'list', 'list the keys of the store', async () => {
    const { store } = await cli.foundation();
    const keys = (await store.keys.list()).map((entry) => toListed('key', entry, cli.io.now()));
    await cli.out.result({ keys }, () =>
      keys.length === 0 ? 'There are no keys in the store' : cli.out.table(keys, LISTED_COLUMNS),
    );
    return EXIT.ok;
  }).addHelpText('after', examples('smcp keys list', 'smcp keys list --json'));
}
