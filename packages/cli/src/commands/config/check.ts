import type { Command } from 'commander';
import { formatProblem } from '@smcp/gateway';
import { compilePolicy } from '@smcp/policy';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configFile } from '../../configuration/config-option.ts';
import { loadFull, loadWithoutCredentials } from '../../configuration/load.ts';
import { counted } from '../../output/count.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { firstLines } from '../../output/first-lines.ts';

interface Options {
  readonly withoutCredentials?: boolean;
}

/** `smcp config check`: everything that would stop a start, without starting anything. */
export function configCheckCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'check',
    'check a configuration file',
    async ({ args: [named], options }) => {
      const file = configFile(named);
      const { loaded, missing } =
        options.withoutCredentials === true
          ? await loadWithoutCredentials(cli, file)
          : { loaded: await loadFull(cli, file), missing: [] };
      const { ruleCount } = compilePolicy(loaded.policy);
      const { config } = loaded;
      // What was put in for a missing credential says nothing.
      const warnings = loaded.warnings.filter(({ path }) => !missing.includes(path));
      const counts = {
        servers: Object.keys(config.servers).length,
        apiKeys: config.api_keys.length,
        agents: config.agents.length,
        roles: Object.keys(config.roles).length,
        rules: ruleCount,
      };
      const lines = warnings.map((warning) => cli.out.printable(`${formatProblem(warning)} (warning)`));
      for (const line of firstLines(lines, 'warning')) cli.out.note(line);
      await cli.out.result({ ok: true, file: loaded.file, ...counts, warnings, missing }, () => {
        const { servers, apiKeys, agents, roles, rules } = counts;
        const callers = `${counted(apiKeys, 'API key')}, ${counted(agents, 'agent')}`;
        return `${file} is good: ${counted(servers, 'server')}, ${callers}, ${counted(roles, 'role')} with ${counted(rules, 'rule')}`;
      });
      return EXIT.ok;
    },
  )
    .argument('[file]', 'the file (default: ./smcp.yaml, then /etc/smcp/smcp.yaml)')
    .option('--without-credentials', 'accept credentials whose variable, file or secret is not here')
    .addHelpText(
      'after',
      examples('smcp config check smcp.yaml', 'smcp config check --without-credentials --json'),
    );
}
