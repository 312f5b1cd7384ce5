import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { canonicalJson } from '@smcp/protocol';
import type { Looked } from './call-results.ts';
import { ifReference, isList, textParts, type Reference } from './reference.ts';

export type Look = (reference: Reference) => Looked;

/**
 * Whether arguments are those of the plan: equal as JSON, with the value that a reference leads to in its place. A reference to what is not known yet matches
 * nothing.
 */
export function matchesPlan(planned: JsonValue, actual: JsonValue, look: Look): boolean {
  const reference = ifReference(planned);
  if (reference !== undefined) {
    const looked = look(reference);
    // An undefined element of a list is written as null.
    return looked.known && canonicalJson(asJson(looked.value)) === canonicalJson(actual);
  }
  if (typeof planned === 'string') return typeof actual === 'string' && ifFilled(planned, look) === actual;
  if (isList(planned)) {
    if (!isList(actual) || actual.length !== planned.length) return false;
    return planned.every((element, index) => matchesPlan(element, actual[index] ?? null, look));
  }
  if (isJsonObject(planned)) return isJsonObject(actual) && matchesMembers(planned, actual, look);
  return canonicalJson(planned) === canonicalJson(actual);
}

function matchesMembers(planned: JsonObject, actual: JsonObject, look: Look): boolean {
  const matched = new Set<string>();
  for (const [key, value] of Object.entries(planned)) {
    const name = ifFilled(key, look);
    if (name === undefined) return false;
    const found = Object.hasOwn(actual, name) ? actual[name] : undefined;
    if (found === undefined) {
      // A member that is undefined is left out when arguments are written.
      if (!isNothing(value, look)) return false;
    } else if (!matchesPlan(value, found, look)) {
      return false;
    } else {
      matched.add(name);
    }
  }
  return matched.size === Object.keys(actual).length;
}

function isNothing(planned: JsonValue, look: Look): boolean {
  const reference = ifReference(planned);
  if (reference === undefined) return false;
  const looked = look(reference);
  return looked.known && looked.value === undefined;
}

/** A planned text with what its markers stand for; undefined while that is not known. */
function ifFilled(text: string, look: Look): string | undefined {
  let filled = '';
  for (const part of textParts(text)) {
    if (typeof part === 'string') {
      filled += part;
    } else {
      const looked = look(part);
      if (!looked.known) return undefined;
      filled += toText(looked.value);
    }
  }
  return filled;
}

/** A value as it is interpolated into a text. */
function toText(value: unknown): string {
  if (value === undefined) return 'undefined';
  const json = asJson(value);
  if (isList(json)) return json.map((element) => (element === null ? '' : toText(element))).join(',');
  return typeof json === 'object' && json !== null ? '[object Object]' : String(json);
}

/** What came out of a JSON parser, with null for nothing. */
function asJson(value: unknown): JsonValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- results are parsed JSON, whose parts were only picked
  return (value ?? null) as JsonValue;
}
