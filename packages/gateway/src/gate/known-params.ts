import type { JsonDocument } from '@smcp/protocol';

/** Members of `params` that the gate has read, by method. `_meta` is always written anew, and so is what a client answers to a question of a server. */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['tools/call', new Set(['name', 'arguments', '_meta'])],
  ['prompts/get', new Set(['name', 'arguments', '_meta'])],
  ['resources/read', new Set(['uri', '_meta'])],
  ['completion/complete', new Set(['ref', 'argument', 'context', '_meta'])],
  ['tasks/get', new Set(['taskId', '_meta'])],
  ['tasks/update', new Set(['taskId', 'inputResponses', '_meta'])],
  ['tasks/cancel', new Set(['taskId', '_meta'])],
]);
const NONE: ReadonlySet<string> = new Set();

/**
 * Members of `params` that must not travel on, because nothing here has decided on them. A reader that takes `Name` for `name` (some do, and the last
 * one wins) would otherwise run another tool than the one that was allowed.
 */
export function unknownParams({ paramMembers }: JsonDocument, method: string): readonly string[] {
  const known = KNOWN.get(method) ?? NONE;
  return [...paramMembers.keys()].filter((key) => !known.has(key));
}
