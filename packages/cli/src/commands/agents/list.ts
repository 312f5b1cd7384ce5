import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { LISTED_COLUMNS, toListed } from '../../credentials/listing.ts';
import { EXIT } from '../../output/exit-codes.ts';

/** `smcp agents list`: agents of the store, also expired and revoked ones. */
export function agentsListCommand(cli: Cli): Command {
  return createCommand(cli, 'list', 'list the agents of the store', async () => {
    const { store } = await cli.foundation();
    const agents = (await store.agents.list()).map((entry) => toListed('agent', entry, cli.io.now()));
    await cli.out.result({ agents }, () =>
      agents.length === 0
        ? 'There are no agents in the store'
        : cli.out.table(agents, [
            ...LISTED_COLUMNS,
            { head: 'CODE', cell: ({ codeHash }) => `${codeHash.slice(0, 'sha256:'.length + 8)}…` },
            { head: 'DEPTH', cell: ({ maxDelegationDepth }) => maxDelegationDepth },
            { head: 'DELEGATORS', cell: ({ allowedDelegators }) => allowedDelegators.join(', ') || 'nobody' },
          ]),
    );
    return EXIT.ok;
  }).addHelpText('after', examples('smcp agents list', 'smcp agents list --json'));
}
