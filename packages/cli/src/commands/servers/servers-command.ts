import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { serversCallCommand } from './call.ts';
import { serversInspectCommand } from './inspect.ts';
import { serversListCommand } from './list.ts';

export function serversCommand(cli: Cli): Command {
  return createGroup('servers', 'the MCP servers behind the gateway', [
    serversListCommand(cli),
    serversInspectCommand(cli),
    serversCallCommand(cli),
  ]);
}
