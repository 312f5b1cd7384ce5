import { hash } from 'node:crypto';
import { openFoundation, pinNow, type Foundation, type HeldChange } from '@smcp/gateway';
import { makePlace, type Place } from '../../run-cli.ts';

export const AT = '2026-08-01T10:30:00.000Z';

const READ = { name: 'read', description: 'Reads a file', inputSchema: { type: 'object' } };

/** Uses the state of a place as a gateway would. */
export async function inState<T>(place: Place, use: (store: Foundation['store']) => Promise<T>): Promise<T> {
  await using foundation = await openFoundation({ env: {}, home: place.home });
  return await use(foundation.store);
}

export type Held = Omit<HeldChange, 'server'> & { readonly definition: string };

export function held(name: string, seen: object, more: Partial<Held> = {}): Held {
  return {
    kind: 'tool',
    name,
    reason: 'changed',
    seenDigest: digestOf(JSON.stringify(seen)),
    definition: JSON.stringify(seen),
    seenAt: AT,
    ...more,
  };
}

/** A place where the server `files` is pinned with one tool and one prompt, and where some of it is held. */
export async function makePinnedPlace(...holds: readonly Held[]): Promise<Place> {
  const place = await makePlace();
  await inState(place, async ({ pins }) => {
    await pinNow(pins, {
      server: 'files',
      identity: { where: 'npx', config: 'sha256:c', name: 'files', version: '1.0.0' },
      tools: new Map([['read', READ]]),
      prompts: new Map([['ask', { name: 'ask' }]]),
      by: 'operator:dana',
      atIso: AT,
    });
    const basis = (await pins.server('files'))?.version ?? 0;
    await pins.write('files', { basis, hold: holds });
  });
  return place;
}

export { READ };

function digestOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}
