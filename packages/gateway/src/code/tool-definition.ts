import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { ToolDefinition } from '@smcp/codemode';

const KNOWN = new WeakMap<JsonObject, ToolDefinition>();
const ANY_OBJECT: JsonObject = Object.freeze({ type: 'object' });

/** A tool as a server lists it; members of the wrong shape count as absent. The same item gives the same object. Undefined without a name. */
export function toToolDefinition(item: JsonObject): ToolDefinition | undefined {
  const known = KNOWN.get(item);
  if (known !== undefined) {
    return known;
  }
  const { name, title, description, inputSchema, outputSchema, annotations } = item;
  if (typeof name !== 'string' || name === '') {
    return undefined;
  }
  const made: ToolDefinition = Object.freeze({
    name,
    title: typeof title === 'string' ? title : undefined,
    description: typeof description === 'string' ? description : undefined,
    inputSchema: isJsonObject(inputSchema) ? inputSchema : ANY_OBJECT,
    outputSchema: isJsonObject(outputSchema) ? outputSchema : undefined,
    annotations: isJsonObject(annotations) ? annotations : undefined,
  });
  KNOWN.set(item, made);
  return made;
}
