import { Option, type Command } from 'commander';
import type { AuditFilter } from '@smcp/gateway';
import { parsePast } from '../../input/duration.ts';

export interface FilterOptions {
  readonly since?: string;
  readonly until?: string;
  readonly principal?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly effect?: 'allow' | 'deny' | 'ask';
}

export function addFilterOptions(command: Command): Command {
  return command
    .option('--since <when>', 'from then on: a duration such as 1h or 7d, or an ISO 8601 time')
    .option('--until <when>', 'before then')
    .option('--principal <id>', 'of this caller, such as key:alice')
    .option('--server <name>', 'to this server')
    .option('--tool <name>', 'of this tool, prompt or resource')
    .addOption(new Option('--effect <effect>', 'with this decision').choices(['allow', 'deny', 'ask']));
}

export function toAuditFilter(options: FilterOptions, now: number): AuditFilter {
  const { since, until, principal, server, tool, effect } = options;
  return {
    since: since === undefined ? undefined : parsePast(since, '--since', now),
    until: until === undefined ? undefined : parsePast(until, '--until', now),
    principal,
    server,
    tool,
    effect,
  };
}
