import type { Command } from 'commander';
import { serveStdioClient, startLocalGateway, withLocalUser, type LoadedConfig } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { localConfiguration } from '../../reach/local-configuration.ts';

interface Options {
  readonly config?: string;
  readonly role?: string;
  readonly trustProject?: boolean;
  readonly all?: boolean;
  readonly url?: string;
  readonly tokenEnv?: string;
}

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Endpoint of a local gateway; the host is not looked at. */
const CODE = new URL('http://localhost/code');
const ALL = new URL('http://localhost/mcp');

/** `smcp stdio`: one MCP client over standard input and output. */
export function stdioCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'stdio',
    'serve one MCP client over standard input and output, with code mode',
    async ({ options }) => {
      const serve = {
        input: cli.io.stdin,
        output: cli.io.stdout,
        maxBytes: MAX_MESSAGE_BYTES,
        onProblem: (problem: string) => {
          cli.out.warn(`smcp: ${problem}`);
        },
      };
      if (options.url !== undefined) {
        const token = tokenOf(cli, options.tokenEnv);
        await serveStdioClient({ ...serve, url: addressOf(options.url), token });
        return EXIT.ok;
      }
      const foundation = await cli.foundation();
      await using local = await startLocalGateway({
        foundation,
        auditWriter: 'stdio',
        load: async (token) => await configurationOf(cli, options, token),
      });
      const url = options.all === true ? ALL : CODE;
      await serveStdioClient({ ...serve, url, socket: local.socket, token: local.token });
      return EXIT.ok;
    },
  )
    .option(
      '-c, --config <file>',
      'take the servers and roles of this file instead of looking in the clients',
    )
    .option('--role <name>', 'your role in that file (default: its only one)')
    .option('--trust-project', 'take servers that files of the working folder configure, such as .mcp.json')
    .option('--all', 'offer every tool by itself instead of the one tool of code mode')
    .option(
      '--url <address>',
      'stand for an endpoint of a gateway elsewhere, such as https://smcp.example.com/code',
    )
    .option('--token-env <var>', 'environment variable with the token for that gateway')
    .addHelpText(
      'after',
      `
Without --config it takes the MCP servers that are configured in the other programs of this user already; "smcp discover" shows them.
What a client needs to start it:
  { "mcpServers": { "smcp": { "command": "smcp", "args": ["stdio"] } } }
${examples('smcp stdio', 'smcp stdio --config smcp.yaml', 'smcp stdio --url https://smcp.example.com/code --token-env SMCP_TOKEN')}`,
    );
}

async function configurationOf(cli: Cli, options: Options, token: string): Promise<LoadedConfig> {
  const { loaded, role } = await localConfiguration(cli, options, (line) => {
    cli.out.warn(`smcp: ${line}`);
  });
  return withLocalUser(loaded, { token, role: role(options.role) });
}

function tokenOf(cli: Cli, variable: string | undefined): string {
  const token = variable === undefined ? undefined : cli.io.env[variable];
  if (token !== undefined && token !== '') return token;
  throw new CliError(
    'USAGE',
    variable === undefined
      ? '--url needs --token-env VAR'
      : 'The environment variable that --token-env names is not set',
  );
}

function addressOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new CliError('USAGE', '--url must be an address that starts with https:// or http://');
}
