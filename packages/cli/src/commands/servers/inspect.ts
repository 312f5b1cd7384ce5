import type { Command } from 'commander';
import {
  callerCredentialHeader,
  PROMPTS,
  RESOURCES,
  TEMPLATES,
  TOOLS,
  type ListKind,
  type LoadedConfig,
  type Route,
} from '@smcp/gateway';
import type { JsonObject } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { createCaller, credentialOption, type CredentialOption } from '../../reach/caller.ts';
import { openReach } from '../../reach/open-reach.ts';
import { serverFailure } from '../../reach/server-failure.ts';
import type { Inspection } from './inspection.ts';
import { inspectionText } from './inspection-text.ts';

const OPERATOR = { id: 'operator:local', kind: 'operator', tenant: 'default', roles: [] } as const;

/** `smcp servers inspect`: starts or reaches one server and shows what it offers. Calls nothing, so no policy is asked. */
export function serversInspectCommand(cli: Cli): Command {
  return createCommand<ConfigOption & CredentialOption>(
    cli,
    'inspect',
    'reach one server and show what it offers',
    async ({ args: [server = ''], options }) => {
      const loaded = await loadFull(cli, options.config);
      const caller = createCaller(cli, OPERATOR, options);
      await using reach = openReach(cli, loaded);
      const route = reach.route(server, caller);
      let inspection: Inspection;
      try {
        inspection = await inspect(server, route);
      } catch (error) {
        throw serverFailure(error, reach.diagnosis(server));
      }
      const { description, ...offered } = inspection;
      const { instructions, ...described } = description;
      const value = { ...described, ...(instructions === undefined ? {} : { instructions }), ...offered };
      await cli.out.result(value, () => inspectionText(cli.out, inspection, credentialLine(server, loaded)));
      return EXIT.ok;
    },
  )
    .argument('<server>', 'name of a configured server')
    .addOption(configOption())
    .addOption(credentialOption())
    .addHelpText(
      'after',
      examples('smcp servers inspect github --config smcp.yaml', 'smcp servers inspect files --json'),
    );
}

async function inspect(server: string, { upstream, catalog }: Route): Promise<Inspection> {
  const list = async (kind: ListKind): Promise<readonly JsonObject[]> =>
    (await catalog.get(kind, upstream)).items;
  const description = await upstream.describe();
  return {
    server,
    description,
    tools: await list(TOOLS),
    prompts: await list(PROMPTS),
    resources: await list(RESOURCES),
    resourceTemplates: await list(TEMPLATES),
  };
}

function credentialLine(name: string, { config }: LoadedConfig): string | undefined {
  const server = config.servers[name];
  const header = server === undefined ? undefined : callerCredentialHeader(name, server);
  return header === undefined ? undefined : `${server?.credential_mode}, in the header ${header}`;
}
