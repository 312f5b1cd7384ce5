import type { Command } from 'commander';
import { identityOf, pinNow, PROMPTS, TOOLS, type PinnedNow } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { counted } from '../../output/count.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { createCaller, credentialOption, type CredentialOption } from '../../reach/caller.ts';
import { openReach, unknownServer } from '../../reach/open-reach.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { serverFailure } from '../../reach/server-failure.ts';
import { operatorName, systemUser } from '../approvals/operator-name.ts';

const OPERATOR = { id: 'operator:local', kind: 'operator', tenant: 'default', roles: [] } as const;

interface Options extends ConfigOption, CredentialOption {
  readonly by?: string;
}

/** `smcp servers pin`: takes what a server shows now for what it may show. */
export function serversPinCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'pin',
    'pin what a server offers now',
    async ({ args: [server = ''], options }) => await pin(cli, server, options),
  )
    .argument('<server>', 'name of a configured server')
    .addOption(configOption())
    .addOption(credentialOption())
    .option('--by <name>', 'who pins, for the record; default: your user name')
    .addHelpText(
      'after',
      `
Starts or reaches the server, and replaces everything that was pinned or held of it. Look at "smcp servers inspect" first.
${examples('smcp servers pin github --config smcp.yaml')}`,
    );
}

async function pin(cli: Cli, server: string, options: Options): Promise<ExitCode> {
  const user = operatorName(options.by);
  const loaded = await loadFull(cli, options.config);
  const config = loaded.config.servers[server];
  if (config === undefined) throw unknownServer(server, loaded);
  const caller = createCaller(cli, OPERATOR, options);
  await using reach = openReach(cli, loaded);
  const { upstream, catalog } = reach.route(server, caller);
  const seen = await (async () => {
    try {
      return {
        tools: (await catalog.get(TOOLS, upstream)).byKey,
        prompts: (await catalog.get(PROMPTS, upstream)).byKey,
        // Asked for last: a server that was started anew in between has then said who it is now.
        identity: identityOf(config, loaded.folder, (await upstream.describe()).serverInfo),
      };
    } catch (error) {
      throw serverFailure(error, reach.diagnosis(server));
    }
  })();
  const outcome = await recordChange(cli, async ({ store }) => {
    const atIso = new Date(cli.io.now()).toISOString();
    const result = await pinNow(store.pins, { server, ...seen, by: `operator:${user}`, atIso });
    const { pinned, left } = result;
    const detail = { server, by: user, osUser: systemUser(), ...pinned, left: left.length, ...seen.identity };
    return { result, event: 'server.pinned', detail };
  });
  await cli.out.result({ server, ...outcome }, () => outcomeText(server, outcome));
  return outcome.left.length === 0 ? EXIT.ok : EXIT.failure;
}

function outcomeText(server: string, { pinned, left }: PinnedNow): string {
  return [
    `Pinned ${server}: ${counted(pinned.tool, 'tool')}, ${counted(pinned.prompt, 'prompt')}`,
    ...left.map(
      ({ kind, name, problem }) =>
        `Not pinned, and not offered: ${kind} ${oneLine(name)} is too ${problem === 'too_deep' ? 'deep' : 'large'}`,
    ),
  ].join('\n');
}
