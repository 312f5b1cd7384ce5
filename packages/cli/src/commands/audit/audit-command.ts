import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { auditExportCommand } from './export.ts';
import { auditListCommand } from './list.ts';
import { auditShowCommand } from './show.ts';
import { auditVerifyCommand } from './verify.ts';

export function auditCommand(cli: Cli): Command {
  return createGroup('audit', 'the record of every call', [
    auditListCommand(cli),
    auditShowCommand(cli),
    auditVerifyCommand(cli),
    auditExportCommand(cli),
  ]);
}
