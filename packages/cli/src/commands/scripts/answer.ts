import type { Command } from 'commander';
import type { SavedScript } from '@smcp/codemode';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { confirm } from '../approvals/confirm.ts';
import { operatorName, systemUser } from '../approvals/operator-name.ts';
import { toListed } from './list.ts';
import {
  openScripts,
  parseNamed,
  tenantOption,
  versionsOf,
  waitingVersion,
  type TenantOption,
} from './named-version.ts';
import { scriptText } from './script-text.ts';

type Verdict = 'approve' | 'reject';

interface Options extends TenantOption {
  readonly by?: string;
  readonly yes?: boolean;
  readonly digest?: string;
}

const DIGEST = /^sha256:[0-9a-f]{8,64}$/;

/** `smcp scripts approve`: makes a script a tool. */
export function scriptsApproveCommand(cli: Cli): Command {
  return withOptions(
    createCommand<Options>(
      cli,
      'approve',
      'make a script that waits a tool',
      async ({ args: [text = ''], options }) => await answer(cli, text, 'approve', options),
    ),
  )
    .option('--yes', 'do not ask again on a terminal')
    .addHelpText(
      'after',
      `
On a terminal it shows the script and asks. It replaces the version in force; who may use it says policy (scripts:<name>). A running gateway follows
within two seconds.
${examples('smcp scripts approve count_issues', 'smcp scripts approve count_issues@2 --digest sha256:0f3a9c2e11d4b7a6 --by alice --yes')}`,
    );
}

/** `smcp scripts reject` */
export function scriptsRejectCommand(cli: Cli): Command {
  return withOptions(
    createCommand<Options>(
      cli,
      'reject',
      'refuse a script that waits, for good',
      async ({ args: [text = ''], options }) => await answer(cli, text, 'reject', options),
    ),
  ).addHelpText('after', examples('smcp scripts reject count_issues'));
}

function withOptions(command: Command): Command {
  return command
    .argument('<name>', 'the script, such as count_issues, or count_issues@2 when several versions wait')
    .option('--digest <digest>', 'only when it has this digest, as it was shown')
    .option('--by <name>', 'who answers, for the record; default: your user name')
    .addOption(tenantOption());
}

async function answer(cli: Cli, text: string, verdict: Verdict, options: Options): Promise<ExitCode> {
  const { tenant, by, yes, digest } = options;
  const named = parseNamed(text);
  const user = operatorName(by);
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new CliError('USAGE', '--digest must be sha256: and at least 8 hexadecimal digits');
  }
  const scripts = await openScripts(cli);
  const versions = await versionsOf(scripts, named, tenant);
  const script = waitingVersion(versions, named);
  const place = `${script.name}@${script.version}`;
  if (digest !== undefined && !script.digest.startsWith(digest)) {
    throw new CliError('NOT_FOUND', `${place} has another digest: ${script.digest}`, {
      remedy: `look at it again: smcp scripts show ${place}`,
    });
  }
  if (verdict === 'approve' && yes !== true && !(await isConfirmed(cli, script, versions))) {
    await cli.out.result(
      { ...toListed(script), changed: false },
      () => `Nothing was approved; ${place} waits`,
    );
    return EXIT.failure;
  }
  const answered = await recordChange(cli, async () => {
    // What is answered is what was read here: it has this digest, or nothing is changed.
    const result = await scripts[verdict](script, `operator:${user}`);
    const event = verdict === 'approve' ? 'script.approved' : 'script.rejected';
    return { result, event, detail: recordOf(result, user) };
  });
  await cli.out.result({ ...toListed(answered), changed: true }, () =>
    verdict === 'approve'
      ? `Approved ${place}: it is the tool scripts:${script.name} now`
      : `Rejected ${place}`,
  );
  return EXIT.ok;
}

/** People who are told a name by an agent see first what they make a tool. */
async function isConfirmed(
  cli: Cli,
  script: SavedScript,
  versions: readonly SavedScript[],
): Promise<boolean> {
  const { stdin, stderr } = cli.io;
  if (stdin.isTTY !== true || cli.out.json) return true;
  const inForce = versions.find(({ state }) => state === 'approved');
  const text = scriptText(cli.out, script, inForce);
  return await confirm(`${text}\n\nMake this a tool? [y/N] `, stdin, stderr);
}

/** What the audit log keeps of a change to a saved script. */
export function recordOf(script: SavedScript, user: string): Readonly<Record<string, unknown>> {
  const { tenant, name, version, digest, servers } = script;
  return { tenant, name, version, digest, servers, by: user, osUser: systemUser() };
}
