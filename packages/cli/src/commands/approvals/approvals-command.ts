import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { approvalsApproveCommand, approvalsDenyCommand } from './answer.ts';
import { approvalsListCommand } from './list.ts';
import { approvalsShowCommand } from './show.ts';

export function approvalsCommand(cli: Cli): Command {
  return createGroup('approvals', 'calls that wait for a person to approve them', [
    approvalsListCommand(cli),
    approvalsShowCommand(cli),
    approvalsApproveCommand(cli),
    approvalsDenyCommand(cli),
  ]);
}
