import type { HeldChange, PinTable } from '../store/index.ts';
import { digestOf } from './canonical-json.ts';

const MAX_TRIES = 5;

export interface AcceptHeldOptions {
  readonly server: string;
  /** Which of the held changes. */
  readonly isMeant: (held: HeldChange) => boolean;
  readonly by: string;
  readonly atIso: string;
}

export interface AcceptedChanges {
  readonly accepted: readonly HeldChange[];
  /** Meant, but over a bound, or of a server that has to be pinned first. */
  readonly impossible: readonly HeldChange[];
}

/** Whether accepting can ever help. */
function canBeAccepted({ reason }: HeldChange): boolean {
  return reason !== 'not_pinned' && !reason.startsWith('too_');
}

/**
 * Takes over changes that are held, just as they were seen: what a server has shown since is held again. All in one step, or nothing.
 *
 * @throws {StoreError} when the store cannot be written; nothing has changed then.
 */
export async function acceptHeld(
  table: PinTable,
  { server, isMeant, by, atIso }: AcceptHeldOptions,
): Promise<AcceptedChanges> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await table.server(server);
    const meant = (await table.held(server)).filter(isMeant);
    const accepted = known === undefined ? [] : meant.filter(canBeAccepted);
    const impossible = meant.filter((held) => !accepted.includes(held));
    if (known === undefined || accepted.length === 0) {
      return { accepted: [], impossible };
    }
    const definitions = await Promise.all(
      accepted.map(async (held) => (await table.heldDefinition(server, held)) ?? ''),
    );
    // What was seen may have been replaced since it was read.
    const isWhole = accepted.every(
      ({ seenDigest }, index) => digestOf(definitions[index] ?? '') === seenDigest,
    );
    const pins = accepted.flatMap(({ kind, name, seenDigest: digest }, index) =>
      kind === 'server'
        ? []
        : [
            {
              kind,
              name,
              digest,
              definition: definitions[index] ?? '',
              firstSeenAt: atIso,
              acceptedAt: atIso,
              acceptedBy: by,
            },
          ],
    );
    const identity = definitions[accepted.findIndex(({ kind }) => kind === 'server')];
    const version = isWhole
      ? await table.write(server, {
          basis: known.version,
          identity: { ...known, identity: identity ?? known.identity },
          pins,
          release: accepted,
        })
      : undefined;
    if (version !== undefined) {
      return { accepted, impossible };
    }
  }
  throw new Error(`What is held of server "${server}" was changed by others again and again`);
}
