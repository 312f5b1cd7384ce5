import type { Command } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import type { Output } from '../../output/output.ts';
import { definitionDiff } from './definition-diff.ts';
import { openPins, shownChanges, type ShownChange } from './held-changes.ts';
import { reasonText, shortDigest } from './held-text.ts';

/** `smcp servers diff`: what is withheld because it is not what was pinned. Reaches no server. */
export function serversDiffCommand(cli: Cli): Command {
  return createCommand(
    cli,
    'diff',
    'show what differs from what is pinned, and is withheld',
    async ({ args: [named] }) => {
      const pins = await openPins(cli, named);
      const held = pins === undefined ? [] : await shownChanges(pins, named);
      await cli.out.result({ held: held.map(toValue) }, () =>
        held.length === 0
          ? 'Nothing is held'
          : held.map((change) => changeText(cli.out, change)).join('\n\n'),
      );
      return held.length === 0 ? EXIT.ok : EXIT.failure;
    },
  )
    .argument('[server]', 'name of a server; default all')
    .addHelpText(
      'after',
      `
Exit code 1 when something is held. Shows what a running gateway, or another command, has seen; it reaches no server itself.
${examples('smcp servers diff', 'smcp servers diff github --json')}`,
    );
}

/** For machines, absent definitions are null. */
function toValue({ pinned = null, seen = null, ...held }: ShownChange): object {
  return { ...held, pinned, seen };
}

function changeText(out: Output, change: ShownChange): string {
  const { server, kind, name, seenAt, seenDigest, pinned, seen } = change;
  const what = kind === 'server' ? `server ${server}` : `${kind} ${server}:${oneLine(name)}`;
  const head = `${out.style('bold', what)}  ${reasonText(change)}  (seen ${seenAt.slice(0, 16).replace('T', ' ')}, ${shortDigest(seenDigest)})`;
  return [head, ...definitionDiff(out, pinned, seen)].join('\n');
}
