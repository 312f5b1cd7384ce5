import type { DefinitionKind, PinTable } from '../store/index.ts';
import { digestOf } from './canonical-json.ts';
import type { PlanFacts } from './pin-plan.ts';
import type { SeenDefinition } from './seen-definition.ts';

/**
 * Reads what is pinned and held of a server, as far as a list of it concerns that.
 *
 * @throws {StoreError} when the store does not answer.
 */
export async function readPinned(
  table: PinTable,
  { server, kind }: { readonly server: string; readonly kind: DefinitionKind },
  seen: readonly SeenDefinition[],
): Promise<Omit<PlanFacts, 'settings' | 'identity' | 'atIso'>> {
  const known = await table.server(server);
  const pins = new Map(
    (await table.pins(server)).filter((pin) => pin.kind === kind).map((pin) => [pin.name, pin]),
  );
  const pinnedTexts = new Map<string, string>();
  for (const { name, digest } of seen) {
    const pin = pins.get(name);
    if (pin !== undefined && pin.digest !== digest) {
      const text = await table.pinnedDefinition(server, { kind, name });
      // A text that is not the one of its digest was changed in the store: nothing may be made of it.
      if (text !== undefined && digestOf(text) === pin.digest) {
        pinnedTexts.set(name, text);
      }
    }
  }
  return { server, kind, known, pins, held: await table.held(server), pinnedTexts, seen };
}
