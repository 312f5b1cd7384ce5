import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { discoverServers } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { discoveryDocument } from './discovery-document.ts';
import { discoveryText } from './discovery-text.ts';
import { placesOf } from '../../reach/places-of.ts';

interface Options {
  readonly folder?: string;
  readonly trustProject?: boolean;
}

const HELP = `
Looks into the configuration of Claude Code, Claude Desktop, Cursor, VS Code, Windsurf, Codex, Gemini CLI, OpenCode and Zed, and into
~/.config/mcp/servers, ~/MCPs and the file in $MCP_SERVERS_CONFIG. Starts and changes nothing, and shows no value of a variable, a header
or a query. What is shown as taken is what smcp serves when it has no configuration of its own.

Files that come with the folder, such as .mcp.json, may have been written by anybody. Their servers are taken with --trust-project, or when
you have approved them in the client itself.

Of two servers with the same name the one for this folder counts before the one for you, then the order of clients above decides.

Exit codes: 0 ok, 1 when a file cannot be read or is not valid, 2 usage error`;

/** `smcp discover`: the servers of other clients, where they come from, and why some are not taken. */
export function discoverCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'discover',
    'show the servers that are configured in other clients',
    async ({ options }) => {
      await requireFolder(options.folder);
      const places = placesOf(cli.io, options);
      const discovery = await discoverServers(places);
      await cli.out.result(discoveryDocument(discovery), () => discoveryText(cli.out, discovery, places));
      return discovery.problems.length === 0 ? EXIT.ok : EXIT.failure;
    },
  )
    .option('--folder <dir>', 'look as if started in this folder (default: the working folder)')
    .option('--trust-project', 'take the servers that come with the folder')
    .addHelpText('after', `${HELP}\n${examples('smcp discover', 'smcp discover --trust-project --json')}`);
}

async function requireFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new CliError('USAGE', `There is no folder ${JSON.stringify(folder)}`);
}
