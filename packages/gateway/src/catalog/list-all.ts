import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { joinCacheHints, readCacheHints, type CacheHints } from './list-lifetime.ts';
import { ownRequest, quoted, UpstreamError, type Upstream } from '../upstream/index.ts';

/** One of the four lists of MCP: how it is asked for, where its items stand, and what names an item. */
export interface ListKind {
  readonly method: string;
  readonly capability: string;
  readonly field: string;
  readonly key: string;
  readonly changed: string;
}

export const TOOLS: ListKind = {
  method: 'tools/list',
  capability: 'tools',
  field: 'tools',
  key: 'name',
  changed: 'notifications/tools/list_changed',
};
export const PROMPTS: ListKind = {
  method: 'prompts/list',
  capability: 'prompts',
  field: 'prompts',
  key: 'name',
  changed: 'notifications/prompts/list_changed',
};
export const RESOURCES: ListKind = {
  method: 'resources/list',
  capability: 'resources',
  field: 'resources',
  key: 'uri',
  changed: 'notifications/resources/list_changed',
};
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
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const MAX_LIST_LENGTH = 64 * 1024 * 1024;
const LIST_TIMEOUT_MS = 30_000;
const METHOD_NOT_FOUND = -32601;

/**
 * Fetches every page of a list, as far as 200 pages and a cursor that it has not given before. Items without a usable key, and second items with the
 * same key, are left out. What the pages say about keeping them is joined.
 *
 * @param now Milliseconds of a monotonic clock.
 * @throws {UpstreamError} `UPSTREAM_TIMEOUT` when all pages together take over 30 s, `UPSTREAM_TOO_LARGE` past 10,000 items or 64 Mi characters,
 *   `UPSTREAM_REFUSED` when the server answers with an error, and whatever the upstream throws.
 */
export async function listAll(
  kind: ListKind,
  capabilities: JsonObject,
  upstream: Upstream,
  now: () => number,
): Promise<CacheHints & { items: readonly JsonObject[]; byKey: ReadonlyMap<string, JsonObject> }> {
  const hints: CacheHints[] = [];
  const byKey = new Map<string, JsonObject>();
  const cursors = new Set<JsonValue | undefined>();
  const until = now() + LIST_TIMEOUT_MS;
  let length = 0;
  let cursor: JsonValue | undefined;
  while (capabilities[kind.capability] !== undefined && cursors.size < MAX_PAGES && !cursors.has(cursor)) {
    cursors.add(cursor);
    const page = await fetchPage(kind, upstream, cursor, until - now());
    if (page === undefined) {
      break;
    }
    length += page.length;
    hints.push(readCacheHints(page.result));
    const found = page.result[kind.field];
    for (const item of Array.isArray(found) ? found : []) {
      addItem(byKey, kind, item);
    }
    if (byKey.size > MAX_ITEMS || length > MAX_LIST_LENGTH) {
      throw new UpstreamError(
        'UPSTREAM_TOO_LARGE',
        `Server "${upstream.server}" lists more than ${MAX_ITEMS} ${kind.field} or ${MAX_LIST_LENGTH} characters`,
      );
    }
    cursor = page.result['nextCursor'];
    if (typeof cursor !== 'string') {
      break;
    }
  }
  return { items: [...byKey.values()], byKey, ...joinCacheHints(hints) };
}

/** Undefined when the server does not know the method: many declare resources but have no templates. */
async function fetchPage(
  kind: ListKind,
  upstream: Upstream,
  cursor: JsonValue | undefined,
  timeoutMs: number,
): Promise<{ readonly result: JsonObject; readonly length: number } | undefined> {
  const { server } = upstream;
  if (timeoutMs <= 0) {
    throw new UpstreamError(
      'UPSTREAM_TIMEOUT',
      `Server "${server}" did not give all ${kind.field} within ${LIST_TIMEOUT_MS} ms`,
    );
  }
  const params = cursor === undefined ? {} : { cursor };
  const { message, text } = await upstream.request(ownRequest(kind.method, params), {
    timeoutMs,
    maxBytes: MAX_PAGE_BYTES,
  });
  if (!('error' in message)) {
    return { result: message.result, length: text.length };
  }
  if (message.error.code === METHOD_NOT_FOUND) {
    return undefined;
  }
  throw new UpstreamError(
    'UPSTREAM_REFUSED',
    `Server "${server}" refused ${kind.method}: ${quoted(message.error.message)}`,
  );
}

function addItem(byKey: Map<string, JsonObject>, kind: ListKind, item: unknown): void {
  const key = isJsonObject(item) ? item[kind.key] : undefined;
  if (
    isJsonObject(item) &&
    typeof key === 'string' &&
    key !== '' &&
    key.length <= MAX_KEY_LENGTH &&
    !byKey.has(key)
  ) {
    byKey.set(key, item);
  }
}
