import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { BOUNDS } from './bounds.ts';

export type ReadonlyJsonArray = readonly JsonValue[];

/** The types that a schema names, or those that its keywords speak of; undefined for no restriction. */
export function typesOf(schema: JsonObject): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) {
    const names = (type as ReadonlyJsonArray).filter((name) => typeof name === 'string');
    return names.length === 0 ? undefined : [...new Set(names)].slice(0, 8);
  }
  if (isJsonObject(schema['properties']) || Array.isArray(schema['required'])) return ['object'];
  if (schema['additionalProperties'] !== undefined || schema['patternProperties'] !== undefined)
    return ['object'];
  return schema['items'] !== undefined || schema['prefixItems'] !== undefined ? ['array'] : undefined;
}

/** Whether any object can fit a schema, as far as its own keywords say. */
export function mayBeObject(root: JsonObject): boolean {
  return typesOf(root)?.includes('object') ?? isComposed(root);
}

/** Whether a schema has other schemas beside its own keywords. */
export function isComposed(schema: JsonObject): boolean {
  return ['$ref', '$dynamicRef', '$recursiveRef', 'allOf', 'anyOf', 'oneOf'].some((key) =>
    Object.hasOwn(schema, key),
  );
}

/** The schemas of a list that is not too long to be told. */
export function branchesOf(value: JsonValue | undefined): ReadonlyJsonArray | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > BOUNDS.branches) return undefined;
  return value as ReadonlyJsonArray;
}

/** The texts in a list. */
export function namesIn(value: JsonValue | undefined): ReadonlySet<string> {
  if (!Array.isArray(value)) return new Set();
  return new Set((value as ReadonlyJsonArray).filter((name) => typeof name === 'string'));
}

/** Whether a schema admits everything. */
export function isEmptySchema(value: JsonValue | undefined): boolean {
  return value === true || (isJsonObject(value) && Object.keys(value).length === 0);
}
