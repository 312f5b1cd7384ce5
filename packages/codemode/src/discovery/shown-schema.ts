import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { visibleText } from './visible-text.ts';

const MAX_DEPTH = 32;
const MAX_SCHEMA_CHARS = 128 * 1024;
/** Keywords whose text is for readers. */
const TEXTS = new Set(['title', 'description', '$comment']);
/** Keywords whose value has names as keys. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);
/** Keywords whose value is data, not schema: given as it is, for a script has to send it back exactly. */
const DATA = new Set(['default', 'const', 'enum', 'examples', 'example']);

/**
 * A schema as discovery shows it: its texts cleaned and cut like descriptions, everything that calls depend on (names, constants, patterns) untouched.
 * Deeper than 32 levels it allows anything; larger than 128 KiB it is only said to be so.
 */
export function shownSchema(schema: JsonObject, maxTextChars: number): JsonObject {
  const shown = showObject(schema, maxTextChars, 0);
  const { length } = JSON.stringify(shown);
  if (length <= MAX_SCHEMA_CHARS) return shown;
  return { type: 'object', description: `Too large to show: ${length} characters` };
}

function showObject(schema: JsonObject, maxTextChars: number, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return {};
  return mapValues(schema, (key, value) => {
    if (TEXTS.has(key) && typeof value === 'string') return visibleText(value, maxTextChars);
    if (DATA.has(key)) return value;
    // The keys of these are names of the server's choosing, such as a property called `default`.
    if (NAMED.has(key) && isJsonObject(value)) {
      return mapValues(value, (_name, named) => show(named, maxTextChars, depth + 1));
    }
    return show(value, maxTextChars, depth + 1);
  });
}

function show(value: JsonValue, maxTextChars: number, depth: number): JsonValue {
  if (Array.isArray(value)) {
    return depth > MAX_DEPTH ? [] : value.map((item) => show(item, maxTextChars, depth + 1));
  }
  return isJsonObject(value) ? showObject(value, maxTextChars, depth) : value;
}

/** From entries, so that a member named `__proto__` stays one. */
function mapValues(object: JsonObject, change: (key: string, value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(key, value)]));
}
