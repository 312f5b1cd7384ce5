import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, createGroup, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { askSessions, gatewayOptions, type GatewayOptions } from './sessions-client.ts';

/** `smcp sessions`: script sessions of a running gateway. */
export function sessionsCommand(cli: Cli): Command {
  return createGroup('sessions', 'script sessions of a running gateway', [list(cli), show(cli), end(cli)]);
}

function list(cli: Cli): Command {
  const command = createCommand<GatewayOptions>(cli, 'list', 'list script sessions', async ({ options }) => {
    const sessions = sessionsOf(await askSessions(cli, options, 'GET'));
    await cli.out.result({ sessions }, () =>
      sessions.length === 0
        ? 'There are no script sessions'
        : cli.out.table(sessions, [
            { head: 'NAME', cell: ({ name }) => text(name) },
            { head: 'OWNER', cell: ({ owner }) => text(owner) },
            { head: 'SCRIPTS', cell: ({ executions }) => text(executions) },
            { head: 'STATE', cell: ({ running }) => (running === true ? 'running' : 'idle') },
            { head: 'LAST USED', cell: ({ last_used_at }) => text(last_used_at) },
            { head: 'ENDS', cell: ({ expires_at }) => text(expires_at) },
          ]),
    );
    return EXIT.ok;
  }).addHelpText('after', examples('smcp sessions list', 'smcp sessions list --owner "*" --json'));
  return withOptions(command);
}

function show(cli: Cli): Command {
  const command = createCommand<GatewayOptions>(
    cli,
    'show',
    'show one script session',
    async ({ args: [name = ''], options }) => {
      const [session] = sessionsOf((await askSessions(cli, options, 'GET', name)) ?? unknown(name));
      await cli.out.result(session ?? {}, () =>
        Object.entries(session ?? {})
          .map(([key, value]) => `${cli.out.style('bold', key.padEnd(14))}${text(value)}`)
          .join('\n'),
      );
      return EXIT.ok;
    },
  )
    .argument('<name>', 'name of the session')
    .addHelpText('after', examples('smcp sessions show invoices'));
  return withOptions(command);
}

function end(cli: Cli): Command {
  const command = createCommand<GatewayOptions>(
    cli,
    'end',
    'end a script session; its variables are gone',
    async ({ args: [name = ''], options }) => {
      const answer = (await askSessions(cli, options, 'DELETE', name)) ?? unknown(name);
      await cli.out.result(answer, () => 'Ended');
      return EXIT.ok;
    },
  )
    .argument('<name>', 'name of the session')
    .addHelpText(
      'after',
      examples('smcp sessions end invoices', 'smcp sessions end invoices --owner key:alice'),
    );
  return withOptions(command);
}

function withOptions(command: Command): Command {
  for (const option of gatewayOptions()) command.addOption(option);
  return command;
}

function sessionsOf(answer: JsonObject | undefined): readonly JsonObject[] {
  const sessions = answer?.['sessions'];
  return Array.isArray(sessions) ? sessions.filter(isJsonObject) : [];
}

function unknown(name: string): never {
  throw new CliError('NOT_FOUND', `There is no script session ${JSON.stringify(name.slice(0, 64))}`, {
    remedy: 'list them with: smcp sessions list',
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
