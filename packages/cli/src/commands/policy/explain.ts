import type { Command } from 'commander';
import { compilePolicy, explain } from '@smcp/policy';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { configOption, type ConfigOption } from '../../configuration/config-option.ts';
import { loadWithoutCredentials, missingNote } from '../../configuration/load.ts';
import { namedPrincipal, type WhoOptions } from '../../configuration/principals.ts';
import { CliError } from '../../errors/cli-error.ts';
import { readToolArguments } from '../../input/tool-arguments.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { explanationText } from './explanation-text.ts';
import { namedAction, type ActionOptions } from './named-action.ts';

interface Options extends ConfigOption, WhoOptions, ActionOptions {
  readonly args?: string;
}

/** `smcp policy explain`: the decision that the gate would make, and every rule that was looked at. */
export function policyExplainCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'explain',
    'decide a call without making it, and say why',
    async ({ options }) => {
      const action = namedAction(options);
      if (options.args !== undefined && action.kind === 'resource')
        throw new CliError('USAGE', 'A resource has no --args');
      const { loaded, missing } = await loadWithoutCredentials(cli, options.config);
      const principal = await namedPrincipal(cli, loaded, options);
      const args = await readToolArguments(options.args ?? '{}', cli);
      const explained = explain(compilePolicy(loaded.policy), principal, action, {
        arguments: args.value,
        exactNumbers: args.exactNumbers,
      });
      const { decision, considered } = explained;
      for (const note of [
        missingNote(missing),
        ...notes(action.server, Object.keys(loaded.config.servers), explained.unknownRoles),
      ]) {
        if (note !== undefined) cli.out.note(note);
      }
      await cli.out.result({ ...decision, considered }, () =>
        explanationText(cli.out, principal, action, explained),
      );
      return decision.effect === 'allow' ? EXIT.ok : EXIT.denied;
    },
  )
    .option('--role <role...>', 'decide for these roles')
    .option('--principal <id>', 'decide for this principal, such as key:alice')
    .option('--tool <server:tool>', 'a tool')
    .option('--prompt <server:name>', 'a prompt')
    .option('--resource <server:uri>', 'a resource')
    .option('--args <json>', 'arguments: a JSON object, @FILE, or - for standard input; default: none')
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Exit code 0 when the call is allowed, 3 when it is not, or not before somebody approves it.
${examples(
  'smcp policy explain --config smcp.yaml --role intern --tool github:push_files',
  `smcp policy explain --principal key:alice --tool files:write_file --args '{"path":"/srv/x"}' --json`,
)}`,
    );
}

function notes(
  server: string,
  servers: readonly string[],
  unknownRoles: readonly string[],
): readonly string[] {
  return [
    ...(servers.includes(server)
      ? []
      : [`note: no server called ${JSON.stringify(server.slice(0, 64))} is configured`]),
    ...unknownRoles.map((role) => `note: there is no role ${JSON.stringify(role.slice(0, 64))}`),
  ];
}
