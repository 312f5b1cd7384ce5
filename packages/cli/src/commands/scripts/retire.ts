import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { operatorName } from '../approvals/operator-name.ts';
import { recordOf } from './answer.ts';
import { openScripts, parseNamed, tenantOption, versionsOf, type TenantOption } from './named-version.ts';

interface Options extends TenantOption {
  readonly by?: string;
}

/** `smcp scripts retire`: ends the tool that a script is. */
export function scriptsRetireCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'retire',
    'take a script out of force',
    async ({ args: [text = ''], options: { tenant, by } }) => {
      const named = parseNamed(text);
      if (named.version !== undefined) {
        throw new CliError('USAGE', 'A script is retired as a whole: name it without a version');
      }
      const user = operatorName(by);
      const scripts = await openScripts(cli);
      const inForce = (await versionsOf(scripts, named, tenant)).find(({ state }) => state === 'approved');
      if (inForce === undefined) throw new CliError('NOT_FOUND', `No version of ${named.name} is in force`);
      await recordChange(cli, async () => {
        await scripts.retire(tenant, named.name, `operator:${user}`);
        return { result: undefined, event: 'script.retired', detail: recordOf(inForce, user) };
      });
      const { name, version } = inForce;
      await cli.out.result(
        { tenant, name, version, retired: true },
        () => `Retired ${name}: it is no tool any more`,
      );
      return EXIT.ok;
    },
  )
    .argument('<name>', 'the script')
    .option('--by <name>', 'who retires it, for the record; default: your user name')
    .addOption(tenantOption())
    .addHelpText(
      'after',
      `
No older version comes back. A running gateway follows within two seconds.
${examples('smcp scripts retire count_issues')}`,
    );
}
