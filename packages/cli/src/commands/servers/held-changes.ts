import type { Foundation, HeldChange } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { CliError } from '../../errors/cli-error.ts';

type PinTable = Foundation['store']['pins'];

/** A held change with both definitions, undefined when there is none or it is over a bound. */
export type ShownChange = HeldChange & { readonly pinned: unknown; readonly seen: unknown };

/**
 * The pins, when there is state at all and it knows the server.
 *
 * @param named Undefined for all servers.
 * @throws {CliError} `NOT_FOUND` when nothing is pinned or held of the server that is named.
 */
export async function openPins(cli: Cli, named: string | undefined): Promise<PinTable | undefined> {
  const pins = cli.hasState ? (await cli.foundation()).store.pins : undefined;
  if (named === undefined) return pins;
  const isKnown =
    pins !== undefined && ((await pins.server(named)) !== undefined || (await pins.held(named)).length > 0);
  if (isKnown) return pins;
  throw new CliError('NOT_FOUND', `Nothing is pinned of a server ${JSON.stringify(named.slice(0, 64))}`, {
    remedy: 'see: smcp servers pins',
  });
}

/** What is held, with what was seen and what is pinned. */
export async function shownChanges(
  pins: PinTable,
  named: string | undefined,
): Promise<readonly ShownChange[]> {
  const shown: ShownChange[] = [];
  for (const held of await pins.held(named)) {
    const { server, kind } = held;
    const pinned =
      kind === 'server' ? (await pins.server(server))?.identity : await pins.pinnedDefinition(server, held);
    shown.push({
      ...held,
      pinned: ifJson(pinned),
      seen: ifJson(await pins.heldDefinition(server, held)),
    });
  }
  return shown;
}

function ifJson(text: string | undefined): unknown {
  return text === undefined || text === '' ? undefined : JSON.parse(text);
}
