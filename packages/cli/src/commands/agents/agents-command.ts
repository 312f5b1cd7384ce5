import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { agentsCreateCommand } from './create.ts';
import { agentsHashCommand } from './hash.ts';
import { agentsListCommand } from './list.ts';
import { agentsRevokeCommand } from './revoke.ts';

export function agentsCommand(cli: Cli): Command {
  return createGroup('agents', 'registered agents', [
    agentsCreateCommand(cli),
    agentsListCommand(cli),
    agentsRevokeCommand(cli),
    agentsHashCommand(cli),
  ]);
}
