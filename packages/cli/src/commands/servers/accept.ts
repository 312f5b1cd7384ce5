import type { Command } from 'commander';
import { acceptHeld, type AcceptedChanges, type HeldChange } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { CliError } from '../../errors/cli-error.ts';
import { counted } from '../../output/count.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import { recordChange } from '../../reach/operator-log.ts';
import { operatorName, systemUser } from '../approvals/operator-name.ts';
import { openPins } from './held-changes.ts';
import { reasonText, shortDigest } from './held-text.ts';

const MAX_RECORDED = 50;
const DIGEST = /^sha256:[0-9a-f]{8,64}$/;

interface Options {
  readonly all?: boolean;
  readonly identity?: boolean;
  readonly prompt?: readonly string[];
  readonly digest?: string;
  readonly by?: string;
}

/** `smcp servers accept`: takes over what `smcp servers diff` shows. */
export function serversAcceptCommand(cli: Cli): Command {
  return createCommand<Options>(
    cli,
    'accept',
    'take over changes that are held',
    async ({ args: [server = '', ...tools], options }) => await accept(cli, server, tools, options),
  )
    .argument('<server>', 'name of a server')
    .argument('[tool...]', 'tools whose held definition is accepted')
    .option('--prompt <name...>', 'prompts whose held definition is accepted')
    .option('--identity', 'accept that it is another server, or another version')
    .option('--all', 'accept everything that is held of the server')
    .option('--digest <digest>', 'only what has this digest, as the diff shows it')
    .option('--by <name>', 'who accepts, for the record; default: your user name')
    .addHelpText(
      'after',
      `
Look at "smcp servers diff" first. What is accepted is what was seen last; with --digest nothing else is. A running gateway follows within two seconds.
${examples('smcp servers accept github create_issue', 'smcp servers accept github --all', 'smcp servers accept github create_issue --digest sha256:0f3a9c2e11d4b7a6')}`,
    );
}

async function accept(
  cli: Cli,
  server: string,
  tools: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const isMeant = createChoice(tools, options);
  const user = operatorName(options.by);
  await openPins(cli, server);
  const outcome = await recordChange(cli, async ({ store }) => {
    requireHeld(await store.pins.held(server), tools, options, isMeant);
    const atIso = new Date(cli.io.now()).toISOString();
    const result = await acceptHeld(store.pins, { server, isMeant, by: `operator:${user}`, atIso });
    return result.accepted.length === 0
      ? { result }
      : { result, event: 'definitions.accepted', detail: detailOf(server, user, result) };
  });
  await cli.out.result({ server, ...outcome }, () => outcomeText(server, outcome));
  return outcome.impossible.length === 0 ? EXIT.ok : EXIT.failure;
}

/** @throws {CliError} `USAGE` when it is not said what to accept, or in two ways. */
function createChoice(
  tools: readonly string[],
  { all = false, identity = false, prompt = [], digest }: Options,
): (held: HeldChange) => boolean {
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new CliError('USAGE', '--digest must be sha256: and at least 8 hexadecimal digits');
  }
  const isNamed = tools.length > 0 || prompt.length > 0 || identity;
  if (all === isNamed) {
    throw new CliError('USAGE', all ? 'Give names or --all, not both' : 'Say what to accept', {
      remedy: 'name tools, --prompt NAME or --identity; or take everything with --all',
    });
  }
  return ({ kind, name, seenDigest }) =>
    (digest === undefined || seenDigest.startsWith(digest)) &&
    (all ||
      (kind === 'tool' && tools.includes(name)) ||
      (kind === 'prompt' && prompt.includes(name)) ||
      (kind === 'server' && identity));
}

/** @throws {CliError} `NOT_FOUND` when something that was named is not held: then nothing is accepted. */
function requireHeld(
  held: readonly HeldChange[],
  tools: readonly string[],
  { all, identity, prompt = [] }: Options,
  isMeant: (held: HeldChange) => boolean,
): void {
  const meant = held.filter(isMeant);
  const has = (kind: HeldChange['kind'], name?: string): boolean =>
    meant.some((one) => one.kind === kind && (name === undefined || one.name === name));
  const missing = [
    ...tools.filter((name) => !has('tool', name)).map((name) => `the tool ${oneLine(name, 64)}`),
    ...prompt.filter((name) => !has('prompt', name)).map((name) => `the prompt ${oneLine(name, 64)}`),
    ...(identity === true && !has('server') ? ['the server itself'] : []),
    ...(all === true && meant.length === 0 ? ['anything'] : []),
  ];
  if (missing.length > 0) {
    throw new CliError('NOT_FOUND', `Not held, or not with this digest: ${missing.join(', ')}`, {
      remedy: 'see: smcp servers diff',
    });
  }
}

function detailOf(
  server: string,
  user: string,
  { accepted }: AcceptedChanges,
): Readonly<Record<string, unknown>> {
  return {
    server,
    by: user,
    osUser: systemUser(),
    count: accepted.length,
    names: accepted.slice(0, MAX_RECORDED).map(({ kind, name, reason, pinnedDigest, seenDigest }) => ({
      kind,
      name: name.slice(0, 128),
      reason,
      ...(pinnedDigest === undefined ? {} : { pinned: pinnedDigest }),
      seen: seenDigest,
    })),
  };
}

function outcomeText(server: string, { accepted, impossible }: AcceptedChanges): string {
  const lines = accepted.map(
    ({ kind, name, seenDigest }) => `  ${kind} ${oneLine(name)}  ${shortDigest(seenDigest)}`,
  );
  const left = impossible.map((held) => `  ${held.kind} ${oneLine(held.name)}: ${reasonText(held)}`);
  return [
    ...(lines.length === 0 ? [] : [`Accepted ${counted(lines.length, 'change')} of ${server}`, ...lines]),
    ...(left.length === 0 ? [] : ['Cannot be accepted', ...left]),
  ].join('\n');
}
