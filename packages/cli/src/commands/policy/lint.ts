import type { Command } from 'commander';
import { TOOLS, type LoadedConfig } from '@smcp/gateway';
import { compilePolicy, lint, type LintFinding } from '@smcp/policy';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadFull, loadWithoutCredentials } from '../../configuration/load.ts';
import { knownPrincipals } from '../../configuration/principals.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { counted } from '../../output/count.ts';
import { oneLine } from '../../output/printable.ts';
import { shortPath, sourcePlace } from '../../output/source-place.ts';
import { openReach } from '../../reach/open-reach.ts';

interface Options extends ConfigOption {
  readonly live?: boolean;
}

interface Catalogs {
  readonly tools: ReadonlyMap<string, readonly string[]>;
  readonly unreachable: readonly { readonly server: string; readonly reason: string }[];
}

/** `smcp policy lint`: rules that do not do what their author probably meant. */
export function policyLintCommand(cli: Cli): Command {
  return createCommand<Options>(cli, 'lint', 'find rules that cannot work as meant', async ({ options }) => {
    const live = options.live === true;
    // Only live servers need their credentials.
    const loaded = live
      ? await loadFull(cli, options.config)
      : (await loadWithoutCredentials(cli, options.config)).loaded;
    const policySet = compilePolicy(loaded.policy);
    const { tools, unreachable } = live
      ? await liveCatalogs(cli, loaded)
      : { tools: new Map<string, never>(), unreachable: [] };
    const findings = lint(policySet, {
      servers: Object.keys(loaded.config.servers),
      tools,
      rolesInUse: (await knownPrincipals(cli, loaded)).flatMap(({ principal }) => principal.roles),
    });
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    for (const { server, reason } of unreachable)
      cli.out.note(`note: the tools of ${server} are not known: ${oneLine(reason)}`);
    await cli.out.result({ findings, errors, ...(live ? { unreachable } : {}) }, () =>
      [...findings.map(line), summary(findings.length, errors)].join('\n'),
    );
    return errors === 0 ? EXIT.ok : EXIT.failure;
  })
    .option('--live', 'start or reach the servers, so that rules are compared with their tools')
    .addOption(configOption())
    .addHelpText('after', examples('smcp policy lint --config smcp.yaml', 'smcp policy lint --live'));
}

function line({ file, line: at, severity, message, code }: LintFinding): string {
  const place = at === null ? shortPath(file) : sourcePlace({ file, line: at });
  return `${place}: ${severity}: ${message} [${code}]`;
}

function summary(findings: number, errors: number): string {
  if (findings === 0) return 'Nothing to say against this policy';
  return `${counted(errors, 'error')}, ${counted(findings - errors, 'warning')}`;
}

async function liveCatalogs(cli: Cli, loaded: LoadedConfig): Promise<Catalogs> {
  await using reach = openReach(cli, loaded);
  const principal = { id: 'operator:local', kind: 'operator', tenant: 'default', roles: [] } as const;
  const tools = new Map<string, readonly string[]>();
  const unreachable: { server: string; reason: string }[] = [];
  await Promise.all(
    [...reach.state.servers.keys()].map(async (server) => {
      try {
        const { upstream, catalog } = reach.route(server, { principal, credential: () => undefined });
        tools.set(server, [...(await catalog.get(TOOLS, upstream)).byKey.keys()]);
      } catch (error) {
        // One server that is down says nothing about the rules for the others.
        unreachable.push({ server, reason: error instanceof Error ? error.message : 'it failed' });
      }
    }),
  );
  return { tools, unreachable };
}
