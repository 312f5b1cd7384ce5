import type { Command } from 'commander';
import type { Pin, PinnedServer } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { createCommand, examples } from '../../cli/command.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/printable.ts';
import type { Output } from '../../output/output.ts';
import { openPins } from './held-changes.ts';
import { shortDigest } from './held-text.ts';

interface ListedServer {
  readonly pinned: PinnedServer;
  readonly pins: readonly Pin[];
}

/** `smcp servers pins`: what is pinned. */
export function serversPinsCommand(cli: Cli): Command {
  return createCommand(cli, 'pins', 'list what is pinned', async ({ args: [named] }) => {
    const table = await openPins(cli, named);
    const servers: ListedServer[] = [];
    for (const pinned of (await table?.servers()) ?? []) {
      if (named === undefined || pinned.server === named) {
        servers.push({ pinned, pins: (await table?.pins(pinned.server)) ?? [] });
      }
    }
    await cli.out.result({ servers: servers.map(toValue) }, () =>
      servers.length === 0
        ? 'Nothing is pinned'
        : servers.map((server) => serverText(cli.out, server)).join('\n\n'),
    );
    return EXIT.ok;
  })
    .argument('[server]', 'name of a server; default all')
    .addHelpText('after', examples('smcp servers pins', 'smcp servers pins github --json'));
}

function toValue({ pinned, pins }: ListedServer): object {
  return {
    ...pinned,
    version: undefined,
    identity: JSON.parse(pinned.identity) as unknown,
    pins: pins.map((pin) => ({ ...pin, server: undefined })),
  };
}

function serverText(out: Output, { pinned, pins }: ListedServer): string {
  const { server, firstSeenAt, acceptedAt, acceptedBy } = pinned;
  const how =
    acceptedBy === undefined
      ? `first used ${minute(firstSeenAt)}`
      : `pinned ${minute(acceptedAt ?? firstSeenAt)} by ${oneLine(acceptedBy, 80)}`;
  const head = `${out.style('bold', server)}  ${how}`;
  if (pins.length === 0) return `${head}\nNothing is pinned of it`;
  const table = out.table(pins, [
    { head: 'KIND', cell: ({ kind }) => kind },
    { head: 'NAME', cell: ({ name }) => oneLine(name, 64) },
    { head: 'DIGEST', cell: ({ digest }) => shortDigest(digest) },
    { head: 'SINCE', cell: ({ acceptedAt, firstSeenAt }) => minute(acceptedAt ?? firstSeenAt) },
    { head: 'BY', cell: ({ acceptedBy }) => oneLine(acceptedBy ?? 'first use', 80) },
  ]);
  return `${head}\n${table}`;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
