import type { Command } from 'commander';
import { unpin } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { systemUser } from '../approvals/operator-name.ts';
import { openPins } from './held-changes.ts';

/** `smcp servers unpin`: forgets a server, such as one that is not configured any more. */
export function serversUnpinCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'unpin',
    'forget everything pinned or held of a server',
    async ({ args: [server = ''] }) => {
      await openPins(cli, server);
      await recordChange(cli, async ({ store }) => {
        await unpin(store.pins, server);
        return { result: undefined, event: 'server.unpinned', detail: { server, by: systemUser() } };
      });
      await cli.out.result({ server, unpinned: true }, () => `Forgot the pins of ${server}`);
      return EXIT.ok;
    },
  )
    .argument('<server>', 'name of a server')
    .addHelpText(
      'after',
      `
What the server shows next is pinned as if it were seen for the first time; with "mode: operator" it offers nothing until it is pinned again.
${examples('smcp servers unpin github')}`,
    );
}
