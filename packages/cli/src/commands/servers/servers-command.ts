import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createGroup } from '../../cli/command.ts';
import { serversAcceptCommand } from './accept.ts';
import { serversCallCommand } from './call.ts';
import { serversDiffCommand } from './diff.ts';
import { serversInspectCommand } from './inspect.ts';
import { serversListCommand } from './list.ts';
import { serversPinCommand } from './pin.ts';
import { serversPinsCommand } from './pins.ts';
import { serversUnpinCommand } from './unpin.ts';

export function serversCommand(cli: Cli): Command {
  return createGroup('servers', 'the MCP servers behind the gateway', [
    serversListCommand(cli),
    serversInspectCommand(cli),
    serversCallCommand(cli),
    serversPinCommand(cli),
    serversPinsCommand(cli),
    serversDiffCommand(cli),
    serversAcceptCommand(cli),
    serversUnpinCommand(cli),
  ]);
}
