import type { Command } from 'commander';
import { openOperatorDesk } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { askerText, callText, secondText, toListed } from './listed-approval.ts';

interface Options {
  readonly all?: boolean;
}

/** `smcp approvals list`: open questions, newest first. */
export function approvalsListCommand(cli: Cli): Command {
  return createCommand<Options>(cli, 'list', 'list the calls that wait', async ({ options }) => {
    const { store } = await cli.foundation();
    const all = options.all === true;
    const found = await openOperatorDesk(store.approvals, cli.io.now).list({ all });
    const approvals = found.map((approval) => toListed(approval, cli.io.now()));
    await cli.out.result({ approvals }, () =>
      approvals.length === 0
        ? all
          ? 'Nothing has been asked'
          : 'Nothing waits for approval'
        : cli.out.table(approvals, [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'STATE', cell: ({ state }) => state },
            { head: 'ASKED BY', cell: askerText },
            { head: 'CALL', cell: callText },
            { head: 'RULE', cell: ({ rule }) => oneLine(rule, 60) },
            { head: 'ASKED', cell: ({ createdAt }) => secondText(createdAt) },
            { head: 'OPEN UNTIL', cell: ({ expiresAt }) => secondText(expiresAt) },
          ]),
    );
    return EXIT.ok;
  })
    .option('--all', 'also those that were answered or have expired')
    .addHelpText('after', examples('smcp approvals list', 'smcp approvals list --all --json'));
}
