import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { ListKind } from './list-all.ts';

const MINUTE_MS = 60_000;
const NO_SIGNAL_TTL_MS = 5 * MINUTE_MS;
/** What a server asks for more often is asked for once in this time. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 24 * 60 * MINUTE_MS;

/** What a server says about keeping a list: MCP 2026-07-28, caching. */
export interface CacheHints {
  /** Milliseconds from the answer on; 0 means that it is outdated already. Undefined when the server does not say. */
  readonly ttlMs: number | undefined;
  /** `private` when the server does not say. */
  readonly cacheScope: 'public' | 'private';
}

/** Reads the hints of one page. What has the wrong shape counts as absent; a fraction of a millisecond is dropped. */
export function readCacheHints(page: JsonObject): CacheHints {
  const { ttlMs, cacheScope } = page;
  const isTime = typeof ttlMs === 'number' && Number.isFinite(ttlMs) && ttlMs >= 0;
  return {
    ttlMs: isTime ? Math.floor(ttlMs) : undefined,
    cacheScope: cacheScope === 'public' ? 'public' : 'private',
  };
}

/** The hints of a list from those of its pages: the shortest time that one gave, and public only when all are. */
export function joinCacheHints(pages: readonly CacheHints[]): CacheHints {
  const times = pages.flatMap(({ ttlMs }) => (ttlMs === undefined ? [] : [ttlMs]));
  const allPublic = pages.length > 0 && pages.every(({ cacheScope }) => cacheScope === 'public');
  return {
    ttlMs: times.length === 0 ? undefined : Math.min(...times),
    cacheScope: allPublic ? 'public' : 'private',
  };
}

/**
 * How long a list is kept, in milliseconds, unless the server says before that it changed.
 *
 * With a promise to say so: as long as `ttlMs` above zero says, otherwise for ever; a zero beside the promise says nothing that the promise does not
 * say better. Without one: as `ttlMs` says, or for five minutes. Never shorter than a second, so that no server makes us ask at every call, and never
 * longer than a day when a time was given.
 */
export function keepForMs(ttlMs: number | undefined, announced: boolean): number {
  if (ttlMs === undefined || (announced && ttlMs === 0)) {
    return announced ? Infinity : NO_SIGNAL_TTL_MS;
  }
  return Math.min(Math.max(ttlMs, SHORTEST_MS), LONGEST_MS);
}

/** Whether the server promises to say when this list changes. */
export function announcesChanges(kind: ListKind, capabilities: JsonObject): boolean {
  const capability = capabilities[kind.capability];
  return isJsonObject(capability) && capability['listChanged'] === true;
}
