import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { secretsDeleteCommand } from './delete.ts';
import { secretsListCommand } from './list.ts';
import { secretsSetCommand } from './set.ts';

export function secretsCommand(cli: Cli): Command {
  return createGroup('secrets', 'the encrypted store of upstream credentials', [
    secretsSetCommand(cli),
    secretsListCommand(cli),
    secretsDeleteCommand(cli),
  ]);
}
