import { Command, type OutputConfiguration } from 'commander';
import { PRODUCT } from '@smcp/gateway';
import type { Cli } from './cli/cli.ts';
import { examples } from './cli/command.ts';
import { agentsCommand } from './commands/agents/agents-command.ts';
import { approvalsCommand } from './commands/approvals/approvals-command.ts';
import { auditCommand } from './commands/audit/audit-command.ts';
import { configCommand } from './commands/config/config-command.ts';
import { delegationCommand } from './commands/delegation/delegation-command.ts';
import { demoCommand } from './commands/demo/demo-command.ts';
import { discoverCommand } from './commands/discover/discover-command.ts';
import { doctorCommand } from './commands/doctor/doctor-command.ts';
import { gatewayCommand } from './commands/gateway/gateway-command.ts';
import { keysCommand } from './commands/keys/keys-command.ts';
import { runCommand } from './commands/run/run-command.ts';
import { scriptsCommand } from './commands/scripts/scripts-command.ts';
import { sessionsCommand } from './commands/sessions/sessions-command.ts';
import { policyCommand } from './commands/policy/policy-command.ts';
import { secretsCommand } from './commands/secrets/secrets-command.ts';
import { serversCommand } from './commands/servers/servers-command.ts';
import { typesCommand } from './commands/types/types-command.ts';
import { stdioCommand } from './commands/stdio/stdio-command.ts';
import { CliError } from './errors/cli-error.ts';
import { EXIT_HELP } from './output/exit-codes.ts';

/** The whole command tree. What the parser says of a wrong command line goes to `onUsage` and is thrown as a `CommanderError`. */
export function createProgram(cli: Cli, onUsage: (text: string) => void): Command {
  const program = new Command('smcp')
    .description('The one gate between AI agents and MCP tools')
    .version(
      cli.out.json ? JSON.stringify({ version: PRODUCT.version }) : PRODUCT.version,
      '--version',
      'print the version',
    )
    .option('--json', 'print for machines: one JSON document, or JSON lines for streams')
    .option(
      '--home <dir>',
      'state folder (default: $SMCP_HOME, $XDG_STATE_HOME/smcp or ~/.local/state/smcp)',
      parseHome,
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      `\n${EXIT_HELP}\n${examples('smcp config init', 'smcp gateway --config smcp.yaml', 'smcp doctor')}`,
    );
  const commands = [
    gatewayCommand,
    stdioCommand,
    runCommand,
    typesCommand,
    scriptsCommand,
    sessionsCommand,
    serversCommand,
    keysCommand,
    agentsCommand,
    delegationCommand,
    secretsCommand,
    policyCommand,
    approvalsCommand,
    auditCommand,
    configCommand,
    discoverCommand,
    doctorCommand,
    demoCommand,
  ];
  for (const create of commands) program.addCommand(create(cli));
  const writeOut = (text: string): void => void cli.io.stdout.write(text);
  configure(program, { writeOut, writeErr: onUsage });
  return program;
}

/**
 * A variable that is not set, or an option in the place of its value, must not lead to another folder than was meant.
 *
 * @throws {CliError} `USAGE`
 */
function parseHome(folder: string): string {
  if (folder !== '' && !folder.startsWith('--')) return folder;
  throw new CliError('USAGE', `--home must name a folder, not ${folder === '' ? 'nothing' : 'an option'}`);
}

/** Settings that commands built apart do not take over from the program. */
function configure(command: Command, output: OutputConfiguration): void {
  command.exitOverride().configureOutput(output).configureHelp({ showGlobalOptions: true });
  for (const below of command.commands) configure(below, output);
}
