import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { delegationCreateCommand } from './create.ts';
import { delegationKeygenCommand } from './keygen.ts';

export function delegationCommand(cli: Cli): Command {
  return createGroup('delegation', 'let one principal act for another', [
    delegationKeygenCommand(cli),
    delegationCreateCommand(cli),
  ]);
}
