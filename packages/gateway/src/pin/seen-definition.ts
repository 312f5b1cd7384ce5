import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '@smcp/protocol';
import { canonicalJson, digestOf } from './canonical-json.ts';

/** Larger than any honest definition that we know of by two orders of magnitude. */
export const MAX_DEFINITION_CHARS = 256 * 1024;
const MAX_DEPTH = 64;
/** So much is read in one go; then others have their turn. */
const SLICE_CHARS = 1024 * 1024;

/** A definition as a server listed it now. */
export interface SeenDefinition {
  readonly name: string;
  readonly digest: string;
  /** The whole definition in canonical form; empty when it is over a bound. */
  readonly text: string;
  /** Why it can never be pinned. */
  readonly problem?: 'too_large' | 'too_deep';
}

/**
 * Reads the definitions of a list, by name: everything in them counts, whether we know the member or not.
 *
 * A definition of more than 256 Ki characters, or nested deeper than 64 levels, comes with a problem and without its text.
 */
export async function readDefinitions(
  items: ReadonlyMap<string, JsonObject>,
): Promise<readonly SeenDefinition[]> {
  const seen: SeenDefinition[] = [];
  let sliceChars = 0;
  for (const [name, item] of items) {
    const definition = readDefinition(name, item);
    seen.push(definition);
    sliceChars += definition.text.length + 64;
    if (sliceChars > SLICE_CHARS || definition.problem !== undefined) {
      sliceChars = 0;
      await setImmediate();
    }
  }
  return seen;
}

function readDefinition(name: string, item: JsonObject): SeenDefinition {
  const text = canonicalJson(item, MAX_DEPTH);
  if (text === undefined) {
    return { name, digest: digestOf(JSON.stringify(item)), text: '', problem: 'too_deep' };
  }
  const digest = digestOf(text);
  return text.length > MAX_DEFINITION_CHARS
    ? { name, digest, text: '', problem: 'too_large' }
    : { name, digest, text };
}
