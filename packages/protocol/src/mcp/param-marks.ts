import { isJsonObject } from '../jsonrpc/is-json-object.ts';
import type { JsonObject, JsonValue } from '../jsonrpc/messages.ts';
import { ifHeaderValue, toHeaderValue } from './header-value.ts';

const MARK = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const MARKABLE: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);
const DECIMAL = /^-?\d{1,32}(?:\.\d{1,32})?$/;
const MAX_PATH = 32;
const MAX_MARKS = 64;

/** Keywords whose value is one schema or a list of schemas that no mark may stand in. */
const BRANCHES = [
  'items',
  'prefixItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contentSchema',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
] as const;
/** Keywords whose value has schemas by name that no mark may stand in. */
const NAMED_BRANCHES = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'] as const;

/** One argument of a tool that is repeated in a header. */
export interface ParamMark {
  /** Whole name of the header, `Mcp-Param-…`. */
  readonly header: string;
  /** Where the argument stands: names of properties from the outermost in. */
  readonly path: readonly string[];
}

export type ParamMarks =
  | { readonly ok: true; readonly marks: readonly ParamMark[] }
  | { readonly ok: false; readonly fault: string };

interface Place {
  readonly schema: JsonObject;
  readonly path: readonly string[];
  /** Whether only `properties` lead here. */
  readonly isReachable: boolean;
}

/**
 * Finds which arguments the input schema of a tool marks with `x-mcp-header`.
 *
 * A mark stands on a property of type string, integer or boolean that is reached through `properties` alone, at most 32 deep; its value is an HTTP
 * token of at most 128 characters, no two of a tool equal but for case, and there are at most 64. Looks at every schema once, however deep. Never throws.
 *
 * @returns What is wrong when a mark breaks these rules: a client must not offer such a tool.
 * @see MCP 2026-07-28, Streamable HTTP, schema extension
 */
export function paramMarks(inputSchema: JsonObject): ParamMarks {
  const marks: ParamMark[] = [];
  const names = new Set<string>();
  const places: Place[] = [{ schema: inputSchema, path: [], isReachable: true }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (Object.hasOwn(place.schema, MARK)) {
      const name = place.schema[MARK];
      const fault = faultOf(place, name, names);
      if (fault !== undefined || typeof name !== 'string') {
        return { ok: false, fault: fault ?? '' };
      }
      names.add(name.toLowerCase());
      marks.push({ header: `Mcp-Param-${name}`, path: place.path });
    }
    pushInner(place, places);
  }
  return { ok: true, marks: marks.toReversed() };
}

/**
 * The headers that a call with these arguments must carry. An argument that is absent, null, no text, number or boolean, or an integer beyond the safe
 * range has none.
 */
export function paramHeaders(
  marks: readonly ParamMark[],
  values: JsonValue | undefined,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { header, path } of marks) {
    const text = ifText(valueAt(values, path));
    if (text !== undefined) {
      headers[header] = toHeaderValue(text);
    }
  }
  return headers;
}

/**
 * Compares headers of a call with its arguments, decoded, and numbers as numbers.
 *
 * Headers for arguments that want none are not looked at.
 *
 * @param headers By lower-case name. Several values of one header agree with nothing.
 * @returns What is wrong, quoting no value; undefined when nothing is.
 */
export function paramHeaderFault(
  marks: readonly ParamMark[],
  values: JsonValue | undefined,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  for (const { header, path } of marks) {
    const value = valueAt(values, path);
    const text = ifText(value);
    if (text === undefined) {
      continue;
    }
    const name = header.toLowerCase();
    const given = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (given === undefined) {
      return `Header ${header} is missing`;
    }
    const decoded = typeof given === 'string' ? ifHeaderValue(given) : undefined;
    if (decoded === undefined) {
      return `Header ${header} cannot be decoded`;
    }
    if (decoded !== text && !isSameNumber(decoded, value)) {
      return `Header ${header} differs from the argument`;
    }
  }
  return undefined;
}

function faultOf(
  { schema, path, isReachable }: Place,
  name: JsonValue | undefined,
  names: ReadonlySet<string>,
): string | undefined {
  if (!isReachable || path.length === 0) {
    return `${MARK} stands where no chain of properties leads`;
  }
  if (path.length > MAX_PATH) {
    return `${MARK} stands deeper than ${MAX_PATH} properties`;
  }
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    return `${MARK} must be a token of at most 128 characters`;
  }
  if (!MARKABLE.has(schema['type'])) {
    return `${MARK} stands on a property that is no string, integer or boolean`;
  }
  if (names.has(name.toLowerCase())) {
    return `${MARK} is used twice with the same name`;
  }
  return names.size >= MAX_MARKS ? `${MARK} is used more than ${MAX_MARKS} times` : undefined;
}

function pushInner({ schema, path, isReachable }: Place, places: Place[]): void {
  for (const [name, inner] of membersOf(schema, 'properties')) {
    push(places, inner, isReachable && path.length <= MAX_PATH ? [...path, name] : path, isReachable);
  }
  for (const keyword of BRANCHES) {
    const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
    for (const inner of Array.isArray(value) ? (value as readonly JsonValue[]) : [value]) {
      push(places, inner, path, false);
    }
  }
  for (const keyword of NAMED_BRANCHES) {
    for (const [, inner] of membersOf(schema, keyword)) {
      push(places, inner, path, false);
    }
  }
}

function push(
  places: Place[],
  schema: JsonValue | undefined,
  path: readonly string[],
  isReachable: boolean,
): void {
  if (isJsonObject(schema)) {
    places.push({ schema, path, isReachable });
  }
}

function membersOf(schema: JsonObject, keyword: string): readonly [string, JsonValue][] {
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  return isJsonObject(value) ? Object.entries(value) : [];
}

function valueAt(values: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = values;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = value[name];
  }
  return value;
}

function ifText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
  }
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}

function isSameNumber(text: string, value: JsonValue | undefined): boolean {
  return typeof value === 'number' && DECIMAL.test(text) && Number(text) === value;
}
