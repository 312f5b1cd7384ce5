import type { Command } from 'commander';
import { nameServers, resolveServer } from '@smcp/codemode';
import { SCRIPTS_SERVER } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { readToolArguments } from '../../input/tool-arguments.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { localConfiguration, type LocalOptions } from '../../reach/local-configuration.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { operatorName } from '../approvals/operator-name.ts';
import { readScriptFile } from '../run/script-file.ts';
import { recordOf } from './answer.ts';
import { toListed } from './list.ts';
import { openScripts, tenantOption, type TenantOption } from './named-version.ts';

interface Options extends TenantOption, LocalOptions {
  readonly name: string;
  readonly description: string;
  readonly input?: string;
  readonly output?: string;
  readonly servers?: string;
  readonly by?: string;
}

/** `smcp scripts save`: puts a script file forward to become a tool. */
export function scriptsSaveCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'save',
    'put a script file forward to become a tool',
    async ({ args: [file = ''], options }) => await save(cli, file, options),
  )
    .argument('<file>', 'a TypeScript or JavaScript file, or - for standard input')
    .requiredOption('--name <name>', 'name of the tool, such as count_issues')
    .requiredOption('--description <text>', 'what it does, for whoever chooses among tools')
    .option(
      '--input <json>',
      'JSON Schema of what the script sees as args: literally or as @FILE (default: none)',
    )
    .option('--output <json>', 'JSON Schema of its value: literally or as @FILE')
    .option('--servers <names>', 'the only servers that it may use, such as github,jira (default: none)')
    .option('-c, --config <file>', 'where these servers are configured (default: in the clients)')
    .option('--trust-project', 'also servers that files of the working folder configure')
    .option('--by <name>', 'who saves it, for the record; default: your user name')
    .addOption(tenantOption())
    .addHelpText(
      'after',
      `
It waits then: smcp scripts approve makes it a tool. Credentials in it are refused.
${examples(`smcp scripts save count.ts --name count_issues --description 'Counts open issues' --servers github --input @input.json --config smcp.yaml`)}`,
    );
}

async function save(cli: Cli, file: string, options: Options): Promise<ExitCode> {
  const { name, description, tenant } = options;
  const user = operatorName(options.by);
  const { code, language } = await readScriptFile(cli, file, undefined);
  const { loaded } = await localConfiguration(cli, options);
  const names = nameServers([...Object.keys(loaded.config.servers), SCRIPTS_SERVER]);
  const scripts = await openScripts(cli, (text) =>
    loaded.secretValues.some((secret) => text.includes(secret)),
  );
  const request = {
    name,
    description,
    language,
    code,
    ...(await schemaMember(cli, 'input', options.input)),
    ...(await schemaMember(cli, 'output', options.output)),
    servers: (options.servers ?? '').split(',').flatMap((server) => server.trim() || []),
  };
  const saved = await recordChange(cli, async () => {
    const result = await scripts.save(request, {
      tenant,
      principal: `operator:${user}`,
      serverNamed: (server) => resolveServer(names, server)?.name,
    });
    return { result, event: 'script.saved', detail: recordOf(result, user) };
  });
  const place = `${saved.name}@${saved.version}`;
  await cli.out.result(toListed(saved), () =>
    [
      saved.state === 'approved' ? `${place} is in force already` : `Saved ${place}; it waits for approval`,
      ...saved.findings.map((finding) => `  worth a second look: ${oneLine(finding, 300)}`),
    ].join('\n'),
  );
  return EXIT.ok;
}

async function schemaMember(
  cli: Cli,
  member: 'input' | 'output',
  given: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  return given === undefined ? {} : { [member]: (await readToolArguments(given, cli)).value };
}
