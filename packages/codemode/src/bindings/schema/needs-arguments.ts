import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { createReferences } from './references.ts';

/** How many schemas that refer to or contain each other are looked at. */
const MAX_STEPS = 100;

/** Whether a call without arguments would lack something: whether the schema of an object requires any property. When in doubt, not. */
export function needsArguments(root: JsonObject): boolean {
  const references = createReferences(root);
  let steps = 0;

  function needs(schema: JsonValue, resource: JsonObject): boolean {
    steps += 1;
    if (steps > MAX_STEPS || !isJsonObject(schema)) return false;
    if (listOf(schema['required']).length > 0) return true;
    const reference = schema['$ref'];
    const target = typeof reference === 'string' ? references.find(reference, resource) : undefined;
    if (target !== undefined && needs(target.schema, target.resource)) return true;
    if (listOf(schema['allOf']).some((branch) => needs(branch, resource))) return true;
    return ['anyOf', 'oneOf'].some((keyword) => {
      const branches = listOf(schema[keyword]);
      return branches.length > 0 && branches.every((branch) => needs(branch, resource));
    });
  }

  return needs(root, root);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
