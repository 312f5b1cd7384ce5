import type { Command } from 'commander';
import { withCodeMode, type LoadedConfig } from '@smcp/gateway';
import type { Principal } from '@smcp/policy';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { interruptSignal } from '../../cli/interrupt.ts';
import type { ConfigOption } from '../../configuration/config-option.ts';
import { namedPrincipal, type WhoOptions } from '../../configuration/principals.ts';
import { CliError } from '../../errors/cli-error.ts';
import { parseDurationSeconds } from '../../input/duration.ts';
import type { ExitCode } from '../../output/exit-codes.ts';
import { createCaller, credentialOption, type CredentialOption } from '../../reach/caller.ts';
import { localConfiguration } from '../../reach/local-configuration.ts';
import { openLocalGate } from '../../reach/local-gate.ts';
import { systemUser } from '../approvals/operator-name.ts';
import { printReply } from '../servers/print-reply.ts';
import { executeScript, type Executed } from './execute-script.ts';
import { createLiveOutput } from './live-output.ts';
import { printReport } from './print-report.ts';
import { readScriptArguments, type ArgumentOptions } from './script-arguments.ts';
import { readScriptFile, type ScriptFile } from './script-file.ts';

interface Options extends ConfigOption, CredentialOption, WhoOptions, ArgumentOptions {
  readonly trustProject?: boolean;
  readonly servers?: string;
  readonly timeout?: string;
  readonly preview?: boolean;
  readonly apply?: string;
  readonly check: boolean;
}

/** Long scripts are for their author to end; a file may say less. */
const DAY_SECONDS = 86_400;
/** Everything that a script gives is printed. */
const WHOLE_CHARS = 64 * 1024 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** `smcp run`: executes a script file here, with the engine, the check and the policy of a gateway. */
export function runCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'run',
    'run a script file that calls tools',
    async ({ args: [file = ''], options }) => await run(cli, file, options),
  )
    .argument('<file>', 'a TypeScript or JavaScript file, or - for standard input')
    .option(
      '-c, --config <file>',
      'take the servers and roles of this file instead of looking in the clients',
    )
    .option('--trust-project', 'take servers that files of the working folder configure, such as .mcp.json')
    .option('--role <role...>', 'run in these roles (default: the only one there is)')
    .option('--principal <id>', 'run as this principal, such as key:alice')
    .addOption(credentialOption())
    .option('--servers <names>', 'servers to start before the script, such as github,jira')
    .option('--timeout <duration>', 'end the script after this time, such as 90s')
    .option('--arg <name=value>', 'text that the script sees as args.name; may be repeated', collect)
    .option('--args <json>', 'what it sees as args: a JSON object, @FILE, or - for standard input')
    .option('--preview', 'make calls that only read, and list the others')
    .option('--apply <digest>', 'make exactly the calls that a preview with this digest listed')
    .option('--no-check', 'run without checking types before')
    .addHelpText(
      'after',
      `
Without --config it takes the MCP servers that are configured in the other programs of this user already; "smcp discover" shows them.
What the script prints goes where it prints it, its value to standard output. "smcp types" declares for an editor what a script sees.
A file that begins with "#!/usr/bin/env -S smcp run" can be started by itself.
${examples('smcp run report.ts', 'smcp run cleanup.ts --config smcp.yaml --role eng --preview', "echo 'return listServers()' | smcp run -")}`,
    );
}

async function run(cli: Cli, file: string, options: Options): Promise<ExitCode> {
  const mode = modeOf(options);
  const timeoutSeconds =
    options.timeout === undefined ? undefined : parseDurationSeconds(options.timeout, '--timeout');
  const script = await readScriptFile(cli, file, await readScriptArguments(cli, options, file));
  const local = await localConfiguration(cli, options);
  const loaded = forOneScript(local.loaded, options, local.isDiscovered);
  checkTimeout(timeoutSeconds, loaded);
  const who = options.role === undefined && options.principal === undefined;
  const principal = await namedPrincipal(cli, loaded, who ? { role: [local.role()] } : options);
  const caller = createCaller(cli, principal, options);
  const live = createLiveOutput(cli);
  using interrupt = interruptSignal();
  await using gate = await openLocalGate(cli, loaded, { auditWriter: 'run', onOutput: live.write });
  await gate.note('cli.run', {
    as: principal.id,
    roles: principal.roles,
    user: systemUser(),
    file: file.slice(0, 512),
    mode,
  });
  const execute = async (mode: string): Promise<Executed> =>
    await executeScript(gate, script, {
      loaded,
      caller,
      signal: interrupt.signal,
      timeoutSeconds,
      mode,
      servers: namesIn(options.servers),
    });
  const executed = await (options.apply === undefined
    ? execute(mode)
    : applied(execute, live, options.apply));
  await live.ended();
  if (!executed.ok) return await printReply(cli.out, executed.reply, describeRun(script, principal), '');
  return await printReport(cli, executed.report, script);
}

/**
 * Previews the script once more, and makes the calls when they are the ones that were looked at. A plan is kept nowhere, so it cannot be out of date.
 *
 * @throws {CliError} `PLAN_DIFFERS` when they are others now.
 */
async function applied(
  execute: (mode: string) => Promise<Executed>,
  live: { mute(): Disposable },
  digest: string,
): Promise<Executed> {
  const planned = await (async () => {
    using _ = live.mute();
    return await execute('preview');
  })();
  if (!planned.ok || planned.report.status !== 'success') return planned;
  const { plan } = planned.report.content;
  const found = typeof plan === 'object' && plan !== null && 'digest' in plan ? plan['digest'] : undefined;
  if (found === digest) return await execute(`apply:${digest}`);
  throw new CliError('PLAN_DIFFERS', 'The script would make other calls now than those of that digest', {
    remedy: 'nothing was changed; look at what it would do with --preview',
  });
}

function modeOf({ preview, apply }: Options): string {
  if (apply === undefined) return preview === true ? 'preview' : 'run';
  if (preview === true) throw new CliError('USAGE', 'Give --preview or --apply, not both');
  if (!DIGEST.test(apply)) {
    throw new CliError('USAGE', '--apply must be the digest that a preview printed: sha256:…');
  }
  return `apply:${apply}`;
}

/** One script needs one process, and no reply that fits a model. Whoever runs it here can read the policy, so its reasons are no secret. */
function forOneScript(found: LoadedConfig, { check }: Options, isDiscovered: boolean): LoadedConfig {
  const { config } = found;
  const loaded = { ...found, config: { ...config, policy: { ...config.policy, show_reasons: true } } };
  return withCodeMode(loaded, (code) => ({
    runners: { ...code.runners, warm: 0 },
    output: 'compact',
    max_reply_chars: WHOLE_CHARS,
    ...(check ? {} : { check: false }),
    ...(isDiscovered ? { max_timeout_seconds: DAY_SECONDS } : {}),
  }));
}

function checkTimeout(timeoutSeconds: number | undefined, { config }: LoadedConfig): void {
  const max = config.code_mode?.max_timeout_seconds ?? DAY_SECONDS;
  if (timeoutSeconds !== undefined && timeoutSeconds > max) {
    throw new CliError('USAGE', `--timeout is over the ${max} seconds of code_mode.max_timeout_seconds`);
  }
}

function namesIn(list: string | undefined): readonly string[] {
  const names = (list ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

function describeRun({ name }: ScriptFile, principal: Principal): string {
  const who = principal.kind === 'operator' ? `the role ${principal.roles.join(', ')}` : principal.id;
  return `smcp:smcp_execute of ${name} for ${who}`;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
