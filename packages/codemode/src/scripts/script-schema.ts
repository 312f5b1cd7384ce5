import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { copyJson } from './json-copy.ts';
import { quoted, scriptInvalid } from './script-invalid.ts';

const TYPE_NAMES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const TYPES: ReadonlySet<JsonValue> = new Set(TYPE_NAMES);
const MAX_PATTERN = 200;

type Check = (value: JsonValue, place: string) => void;

/**
 * Reads a JSON Schema (2020-12) for arguments or results. Checked by hand: the shape of every keyword that holds a schema, a list or a name; that references
 * stay inside; and the bounds. Not checked: that a reference leads somewhere, and that patterns can be compiled.
 *
 * @param place `input` or `output`.
 * @throws {CodeModeError} `SCRIPT_INVALID`, naming the keyword by its path.
 */
export function readSchema(value: unknown, place: string): JsonObject {
  const schema = copyJson(value, place);
  if (!isJsonObject(schema) || schema['type'] !== 'object') {
    throw scriptInvalid(
      `"${place}" must be a JSON Schema of an object, such as {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}`,
    );
  }
  checkSchema(schema, place);
  return schema;
}

function checkSchema(schema: JsonValue, place: string): void {
  if (typeof schema === 'boolean') return;
  if (!isJsonObject(schema)) throw scriptInvalid(`"${place}" must be a schema: an object, true or false`);
  for (const [keyword, value] of Object.entries(schema)) {
    KEYWORDS.get(keyword)?.(value, `${place}.${keyword}`);
  }
}

const schemaMap: Check = (value, place) => {
  if (!isJsonObject(value)) throw scriptInvalid(`"${place}" must be an object with a schema for every name`);
  for (const [name, schema] of Object.entries(value))
    checkSchema(schema, `${place}.${quoted(name).slice(1, -1)}`);
};

const schemaList: Check = (value, place) => {
  if (!isList(value) || value.length === 0)
    throw scriptInvalid(`"${place}" must be a list of schemas, not empty`);
  for (const [index, schema] of value.entries()) checkSchema(schema, `${place}[${index}]`);
};

const oneSchema: Check = (value, place) => {
  if (isList(value)) throw scriptInvalid(`"${place}" must be one schema; a list of them is "prefixItems"`);
  checkSchema(value, place);
};

const typeName: Check = (value, place) => {
  const names = isList(value) ? value : [value];
  const wrong = names.find((name) => !TYPES.has(name));
  if (names.length > 0 && wrong === undefined) return;
  throw scriptInvalid(
    `"${place}" is ${quoted(wrong)}, but must be one of ${TYPE_NAMES.join(', ')}, or a list of them`,
  );
};

const texts: Check = (value, place) => {
  if (isList(value) && value.every((each) => typeof each === 'string')) return;
  throw scriptInvalid(`"${place}" must be a list of texts`);
};

const anyList: Check = (value, place) => {
  if (!isList(value) || value.length === 0) throw scriptInvalid(`"${place}" must be a list, not empty`);
};

const text: Check = (value, place) => {
  if (typeof value !== 'string') throw scriptInvalid(`"${place}" must be a text`);
};

const count: Check = (value, place) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return;
  throw scriptInvalid(`"${place}" must be a whole number, 0 or more`);
};

const number: Check = (value, place) => {
  if (typeof value !== 'number') throw scriptInvalid(`"${place}" must be a number`);
};

const pattern: Check = (value, place) => {
  if (typeof value === 'string' && value.length <= MAX_PATTERN) return;
  throw scriptInvalid(`"${place}" must be a regular expression of at most ${MAX_PATTERN} characters`);
};

const innerReference: Check = (value, place) => {
  if (value === '#' || (typeof value === 'string' && value.startsWith('#/'))) return;
  throw scriptInvalid(
    `"${place}" is ${quoted(value)}, but must lead into the schema itself, such as "#/$defs/city"`,
  );
};

const notAllowed: Check = (_, place) => {
  throw scriptInvalid(`"${place}" is not accepted here; use "$defs" and "$ref": "#/$defs/…"`);
};

const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'].map(
    (keyword): [string, Check] => [keyword, schemaMap],
  ),
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword): [string, Check] => [keyword, schemaList]),
  ...[
    'items',
    'additionalProperties',
    'contains',
    'not',
    'if',
    'then',
    'else',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
  ].map((keyword): [string, Check] => [keyword, oneSchema]),
  ...['title', 'description', 'format', '$comment'].map((keyword): [string, Check] => [keyword, text]),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map(
    (keyword): [string, Check] => [keyword, count],
  ),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].map(
    (keyword): [string, Check] => [keyword, number],
  ),
  ...['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$vocabulary'].map((keyword): [string, Check] => [
    keyword,
    notAllowed,
  ]),
  ['type', typeName],
  ['required', texts],
  ['enum', anyList],
  ['pattern', pattern],
  ['$ref', innerReference],
]);

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
