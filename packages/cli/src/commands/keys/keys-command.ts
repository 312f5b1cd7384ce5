import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { keysCreateCommand } from './create.ts';
import { keysListCommand } from './list.ts';
import { keysRevokeCommand } from './revoke.ts';

export function keysCommand(cli: Cli): Command {
  return createGroup('keys', 'API keys of people and programs', [
    keysCreateCommand(cli),
    keysListCommand(cli),
    keysRevokeCommand(cli),
  ]);
}
