import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { namedPrincipal, type WhoOptions } from '../../configuration/principals.ts';
import { counted } from '../../output/count.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { createCaller, credentialOption, type CredentialOption } from '../../reach/caller.ts';
import { localConfiguration, type LocalOptions } from '../../reach/local-configuration.ts';
import { openReach } from '../../reach/open-reach.ts';
import { declarationFile, writeDeclarations } from './declaration-file.ts';
import { declarationText } from './declaration-text.ts';
import { listTools, type Listed } from './listed-tools.ts';

interface Options extends LocalOptions, CredentialOption, WhoOptions {
  readonly out?: string;
  readonly force?: boolean;
}

const OPERATOR = { id: 'operator:local', kind: 'operator', tenant: 'default', roles: [] } as const;

/** `smcp types`: declares for an editor what scripts see. */
export function typesCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'types',
    'declare for an editor what scripts see',
    async ({ args, options }) => await types(cli, args, options),
  )
    .argument('[server...]', 'servers to declare; default all')
    .option(
      '-c, --config <file>',
      'take the servers and roles of this file instead of looking in the clients',
    )
    .option('--trust-project', 'take servers that files of the working folder configure, such as .mcp.json')
    .option('--role <role...>', 'only what these roles may use')
    .option('--principal <id>', 'only what this principal may use, such as key:alice')
    .addOption(credentialOption())
    .option('--out <path>', 'write this file, or smcp.d.ts in this folder, instead of standard output')
    .option('--force', 'write over a file that is not one of these')
    .addHelpText(
      'after',
      `
Starts or reaches the servers. One that does not answer is declared to have whatever is called of it, and the exit code is 1.
${examples('smcp types --out .', 'smcp types github jira --config smcp.yaml --role eng > smcp.d.ts')}`,
    );
}

async function types(cli: Cli, only: readonly string[], options: Options): Promise<ExitCode> {
  const { loaded, isDiscovered, role } = await localConfiguration(cli, options);
  const isNamed = options.role !== undefined || options.principal !== undefined;
  const who = isNamed ? options : isDiscovered ? { role: [role()] } : undefined;
  const principal = who === undefined ? undefined : await namedPrincipal(cli, loaded, who);
  const caller = createCaller(cli, principal ?? OPERATOR, options);
  await using reach = openReach(cli, loaded);
  const listed = await listTools(cli, reach, { loaded, caller, principal, only });
  const text = declarationText(listed);
  for (const { name, problem } of listed.servers) {
    if (problem !== undefined) cli.out.note(`smcp: ${oneLine(name)}: ${cli.out.printable(problem)}`);
  }
  if (options.out === undefined) {
    await cli.out.result({ servers: summaryOf(listed), text }, () => text.trimEnd());
  } else {
    const file = declarationFile(options.out);
    await writeDeclarations(file, text, { force: options.force === true });
    await cli.out.result(
      { servers: summaryOf(listed), file },
      () =>
        `Wrote ${file}: ${counted(listed.servers.length, 'server')}, ${counted(toolCount(listed), 'tool')}. How an editor uses it stands at its beginning.`,
    );
  }
  return listed.servers.every(({ problem }) => problem === undefined) ? EXIT.ok : EXIT.failure;
}

function summaryOf({ servers }: Listed): readonly object[] {
  return servers.map(({ name, tools, problem }) => ({
    name,
    tools: tools?.length ?? null,
    ...(problem === undefined ? {} : { problem }),
  }));
}

function toolCount({ servers }: Listed): number {
  return servers.reduce((sum, { tools = [] }) => sum + tools.length, 0);
}
