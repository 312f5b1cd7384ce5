import { isJsonObject, TASKS_EXTENSION, type JsonObject, type JsonValue } from '@smcp/protocol';
import type { ServerDescription } from '../upstream/index.ts';

/** Extensions that need no more of a gateway than it does anyway, or that it knows. Any other may have methods that it would refuse. */
const RELAYED_EXTENSIONS = [TASKS_EXTENSION, 'io.modelcontextprotocol/ui'] as const;

/** What a server declares, as far as it matters here. */
export type Declared = Pick<ServerDescription, 'era' | 'capabilities'>;

/**
 * The capabilities that the gateway can serve of those that its servers declare, taken together, in the form of MCP 2026-07-28. List changes are
 * always announced, because a change of policy changes lists, too.
 */
export function offeredCapabilities(declared: readonly Declared[]): JsonObject {
  const has = (name: string): boolean =>
    declared.some(({ capabilities }) => capabilities[name] !== undefined);
  const subscribes = declared.some(({ capabilities }) => canSubscribe(capabilities['resources']));
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
  const extensions = relayedExtensions(declared);
  if (Object.keys(extensions).length > 0) {
    out['extensions'] = extensions;
  }
  return out;
}

/** The same for a client that shakes hands, which knows no extensions. */
export function handshakeCapabilities(offered: JsonObject): JsonObject {
  const { extensions: _, ...known } = offered;
  return known;
}

/** With the settings of the first server that has it. Servers with a handshake have none. */
function relayedExtensions(declared: readonly Declared[]): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const { era, capabilities } of declared) {
    const offered = era === 'modern' ? capabilities['extensions'] : undefined;
    for (const id of RELAYED_EXTENSIONS) {
      if (isJsonObject(offered) && Object.hasOwn(offered, id) && !Object.hasOwn(out, id)) {
        out[id] = offered[id] ?? {};
      }
    }
  }
  return out;
}

function canSubscribe(resources: JsonValue | undefined): boolean {
  return isJsonObject(resources) && resources['subscribe'] === true;
}
