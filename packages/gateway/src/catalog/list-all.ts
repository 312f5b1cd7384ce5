import type { JsonObject, JsonValue } from '@smcp/protocol';
import { requestText, UpstreamError, type Upstream } from '../upstream/index.ts';

/** One of the four lists of MCP: how it is asked for, where its items stand, and what names an item. */
export interface ListKind {
  readonly method: string;
  readonly capability: string;
  readonly field: string;
  readonly key: string;
  readonly changed: string;
}

export const TOOLS: ListKind = { method: 'tools/list', capability: 'tools', field: 'tools', key: 'name', changed: 'notifications/tools/list_changed' };
export const PROMPTS: ListKind = { method: 'prompts/list', capability: 'prompts', field: 'prompts', key: 'name', changed: 'notifications/prompts/list_changed' };
export const RESOURCES: ListKind = { method: 'resources/list', capability: 'resources', field: 'resources', key: 'uri', changed: 'notifications/resources/list_changed' };
export const TEMPLATES: ListKind = {
  method: 'resources/templates/list',
  capability: 'resources',
  field: 'resourceTemplates',
  key: 'uriTemplate',
  changed: 'notifications/resources/list_changed',
};

export const LIST_KINDS: readonly ListKind[] = [TOOLS, PROMPTS, RESOURCES, TEMPLATES];

const MAX_PAGES = 200;
const MAX_ITEMS = 10_000;
const MAX_KEY_LENGTH = 2048;
const LIST_TIMEOUT_MS = 30_000;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const METHOD_NOT_FOUND = -32601;

/** Fetches every page of a list. Items without a usable key, and second items with the same key, are left out. */
export async function listAll(
  kind: ListKind,
  capabilities: JsonObject,
  upstream: Upstream,
): Promise<{ items: readonly JsonObject[]; byKey: ReadonlyMap<string, JsonObject> }> {
  const byKey = new Map<string, JsonObject>();
  if (capabilities[kind.capability] === undefined) {
    return { items: [], byKey };
  }
  let cursor: JsonValue | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const { message } = await upstream.request(kind.method, (id) => requestText(id, kind.method, params), {
      timeoutMs: LIST_TIMEOUT_MS,
      maxBytes: MAX_PAGE_BYTES,
    });
    if ('error' in message) {
      // Many servers declare resources but not the templates method.
      if (message.error.code === METHOD_NOT_FOUND) {
        break;
      }
      throw new UpstreamError('UPSTREAM_REFUSED', `Server "${upstream.server}" refused ${kind.method}: ${message.error.message}`);
    }
    const found = message.result[kind.field];
    for (const item of Array.isArray(found) ? (found as readonly JsonValue[]) : []) {
      addItem(byKey, kind, item);
    }
    if (byKey.size > MAX_ITEMS) {
      throw new UpstreamError('UPSTREAM_TOO_LARGE', `Server "${upstream.server}" lists more than ${MAX_ITEMS} ${kind.field}`);
    }
    cursor = message.result['nextCursor'];
    if (typeof cursor !== 'string') {
      break;
    }
  }
  return { items: [...byKey.values()], byKey };
}

function addItem(byKey: Map<string, JsonObject>, kind: ListKind, item: JsonValue): void {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return;
  }
  const object = item as JsonObject;
  const key = object[kind.key];
  if (typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH && !byKey.has(key)) {
    byKey.set(key, object);
  }
}
