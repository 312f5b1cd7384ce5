import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { isList } from '../canonical-json.ts';

const DIALECT = /^https?:\/\/json-schema\.org\/draft[-/][0-9a-z-]+\/schema#?$/;
const FORMATS: ReadonlySet<string> = new Set([
  'date',
  'date-time',
  'time',
  'duration',
  'uuid',
  'uri',
  'email',
  'ipv4',
  'ipv6',
]);
const COUNTS: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]);

/** What a schema may say and still be no text for a model. */
export interface PlainSchemaRules {
  readonly types: ReadonlySet<string>;
  readonly isName: (name: string) => boolean;
  readonly maxDepth: number;
  readonly maxProperties: number;
}

/** Whether a schema has nothing but types, numbers and names: no description, title, default, choice, pattern or reference, and no key that we do not know. */
export function isPlainSchema(schema: JsonValue | undefined, rules: PlainSchemaRules): schema is JsonObject {
  return (
    isJsonObject(schema) &&
    rules.maxDepth > 0 &&
    Object.entries(schema).every(([key, value]) => isPlainMember(key, value, rules))
  );
}

function isPlainMember(key: string, value: JsonValue, rules: PlainSchemaRules): boolean {
  const inner = { ...rules, maxDepth: rules.maxDepth - 1 };
  switch (key) {
    case '$schema':
      return typeof value === 'string' && DIALECT.test(value);
    case 'type':
      return (isList(value) ? value : [value]).every(
        (type) => typeof type === 'string' && rules.types.has(type),
      );
    case 'format':
      return typeof value === 'string' && FORMATS.has(value);
    case 'uniqueItems':
    case 'additionalProperties':
      return typeof value === 'boolean';
    case 'items':
      return isPlainSchema(value, inner);
    case 'required':
      return isList(value) && value.every((name) => typeof name === 'string' && rules.isName(name));
    case 'properties':
      return (
        isJsonObject(value) &&
        Object.keys(value).length <= rules.maxProperties &&
        Object.entries(value).every(([name, schema]) => rules.isName(name) && isPlainSchema(schema, inner))
      );
    default:
      return COUNTS.has(key) && typeof value === 'number';
  }
}
