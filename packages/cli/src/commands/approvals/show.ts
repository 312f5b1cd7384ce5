import type { Command } from 'commander';
import { openOperatorDesk } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { approvalText } from './approval-text.ts';
import { findApproval } from './find.ts';
import { toListed } from './listed-approval.ts';

/** `smcp approvals show`: one question with the arguments of its call. */
export function approvalsShowCommand(cli: Cli): Command {
  return createCommand(cli, 'show', 'show one call with its arguments', async ({ args: [id = ''] }) => {
    const { store } = await cli.foundation();
    const desk = openOperatorDesk(store.approvals, cli.io.now);
    const listed = toListed(await findApproval(desk, id), cli.io.now());
    await cli.out.result(listed, () => cli.out.printable(approvalText(listed)));
    return EXIT.ok;
  })
    .argument('<id>', 'the question, apr-…')
    .addHelpText('after', examples('smcp approvals show apr-Zk3vQ0cW1yLr8s2D'));
}
