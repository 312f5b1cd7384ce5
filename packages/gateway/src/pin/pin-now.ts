import type { JsonObject } from '@smcp/protocol';
import type { DefinitionKind, PinTable } from '../store/index.ts';
import { readDefinitions, type SeenDefinition } from './seen-definition.ts';
import { identityText, type ServerIdentity } from './server-identity.ts';

const MAX_TRIES = 5;

export interface PinNowOptions {
  readonly server: string;
  readonly identity: ServerIdentity;
  /** Whole lists by name, as the server gives them now. */
  readonly tools: ReadonlyMap<string, JsonObject>;
  readonly prompts: ReadonlyMap<string, JsonObject>;
  readonly by: string;
  readonly atIso: string;
}

export interface PinnedNow {
  readonly pinned: Readonly<Record<DefinitionKind, number>>;
  /** Over a bound: not pinned, and withheld. */
  readonly left: readonly (Pick<SeenDefinition, 'name' | 'problem'> & { readonly kind: DefinitionKind })[];
}

/**
 * Pins a server as it is now, in the name of an operator. Everything pinned or held of it before is replaced.
 *
 * @throws {StoreError} when the store cannot be written; nothing has changed then.
 */
export async function pinNow(table: PinTable, options: PinNowOptions): Promise<PinnedNow> {
  const { server, by, atIso } = options;
  const seen = [
    ...(await readDefinitions(options.tools)).map((one) => ({ ...one, kind: 'tool' as const })),
    ...(await readDefinitions(options.prompts)).map((one) => ({ ...one, kind: 'prompt' as const })),
  ];
  const fit = seen.filter(({ problem }) => problem === undefined);
  const accepted = { firstSeenAt: atIso, acceptedAt: atIso, acceptedBy: by };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await table.server(server);
    const version = await table.write(server, {
      basis: known?.version ?? 0,
      reset: true,
      identity: {
        ...accepted,
        firstSeenAt: known?.firstSeenAt ?? atIso,
        identity: identityText(options.identity),
        lists: ['tool', 'prompt'],
      },
      pins: fit.map(({ kind, name, digest, text }) => ({
        kind,
        name,
        digest,
        definition: text,
        ...accepted,
      })),
    });
    if (version !== undefined) {
      const count = (kind: DefinitionKind): number => fit.filter((one) => one.kind === kind).length;
      return {
        pinned: { tool: count('tool'), prompt: count('prompt') },
        left: seen.filter(({ problem }) => problem !== undefined),
      };
    }
  }
  throw new Error(`The pins of server "${server}" were changed by others again and again`);
}

/** Forgets everything pinned and held of a server: its next use is its first. Returns whether there was anything. */
export async function unpin(table: PinTable, server: string): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await table.server(server);
    const held = await table.held(server);
    const version = await table.write(server, { basis: known?.version ?? 0, reset: true });
    if (version !== undefined) {
      return known !== undefined || held.length > 0;
    }
  }
  throw new Error(`The pins of server "${server}" were changed by others again and again`);
}
