import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { policyExplainCommand } from './explain.ts';
import { policyLintCommand } from './lint.ts';

export function policyCommand(cli: Cli): Command {
  return createGroup('policy', 'who may do what, and why', [
    policyExplainCommand(cli),
    policyLintCommand(cli),
  ]);
}
