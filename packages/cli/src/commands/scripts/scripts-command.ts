import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { scriptsApproveCommand, scriptsRejectCommand } from './answer.ts';
import { scriptsListCommand } from './list.ts';
import { scriptsRetireCommand } from './retire.ts';
import { scriptsSaveCommand } from './save.ts';
import { scriptsShowCommand } from './show.ts';

/** `smcp scripts`: scripts that are tools, or are to become one. */
export function scriptsCommand(cli: Cli): Command {
  return createGroup('scripts', 'scripts that are tools, or wait to become one', [
    scriptsListCommand(cli),
    scriptsShowCommand(cli),
    scriptsApproveCommand(cli),
    scriptsRejectCommand(cli),
    scriptsRetireCommand(cli),
    scriptsSaveCommand(cli),
  ]);
}
