import type { Command } from 'commander';
import type { LoadedConfig, ServerConfig } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadWithoutCredentials, missingNote } from '../../configuration/load.ts';
import { whereOf } from '../../configuration/secret-free.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';

/** `smcp servers list`: what is configured, without reaching for anything. */
export function serversListCommand(cli: Cli): Command {
  return createCommand<ConfigOption>(cli, 'list', 'list the configured servers', async ({ options }) => {
    const { loaded, missing } = await loadWithoutCredentials(cli, options.config);
    const note = missingNote(missing);
    if (note !== undefined) cli.out.note(note);
    const servers = Object.entries(loaded.config.servers).map(([name, server]) =>
      describe(name, server, loaded),
    );
    await cli.out.result({ servers }, () =>
      servers.length === 0
        ? 'No servers are configured'
        : cli.out.table(servers, [
            { head: 'NAME', cell: ({ name }) => name },
            { head: 'KIND', cell: ({ kind }) => kind },
            { head: 'WHERE', cell: ({ where }) => oneLine(where, 60) },
            { head: 'CREDENTIAL', cell: ({ credentialMode }) => credentialMode },
            { head: 'SCOPE', cell: ({ scope }) => scope },
            { head: 'ENABLED', cell: ({ enabled }) => (enabled ? 'yes' : 'no') },
          ]),
    );
    return EXIT.ok;
  })
    .addOption(configOption())
    .addHelpText('after', examples('smcp servers list --config smcp.yaml'));
}

function describe(name: string, server: ServerConfig, loaded: LoadedConfig) {
  const isProcess = server.url === undefined;
  return {
    name,
    kind: isProcess ? 'stdio' : server.transport === 'sse' ? 'sse' : 'http',
    where: whereOf(server, loaded),
    credentialMode: server.credential_mode,
    scope: server.scope ?? (isProcess ? 'shared' : 'principal'),
    enabled: server.enabled,
  };
}
