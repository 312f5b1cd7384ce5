import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { configCheckCommand } from './check.ts';
import { configInitCommand } from './init.ts';
import { configSchemaCommand } from './schema.ts';

export function configCommand(cli: Cli): Command {
  return createGroup('config', 'the configuration file', [
    configCheckCommand(cli),
    configSchemaCommand(cli),
    configInitCommand(cli),
  ]);
}
