import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';

/**
 * The capabilities that the gateway can serve of those that its servers declare, taken together. List changes are always announced, because a
 * change of policy changes lists, too.
 */
export function offeredCapabilities(declared: readonly JsonObject[]): JsonObject {
  const has = (name: string): boolean => declared.some((capabilities) => capabilities[name] !== undefined);
  const subscribes = declared.some((capabilities) => canSubscribe(capabilities['resources']));
  const out: Record<string, JsonValue> = {};
  for (const name of ['tools', 'prompts', 'resources']) {
    if (has(name)) {
      out[name] = { listChanged: true };
    }
  }
  if (has('resources') && subscribes) {
    out['resources'] = { listChanged: true, subscribe: true };
  }
  if (has('logging')) {
    out['logging'] = {};
  }
  if (has('completions')) {
    out['completions'] = {};
  }
  return out;
}

function canSubscribe(resources: JsonValue | undefined): boolean {
  return isJsonObject(resources) && resources['subscribe'] === true;
}
