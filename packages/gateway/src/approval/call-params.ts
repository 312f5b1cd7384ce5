import type { JsonObject } from '@smcp/protocol';

/** Members that belong to the hop or to the asking itself, and change from one try to the next. */
const PER_TRY: ReadonlySet<string> = new Set(['_meta', 'inputResponses', 'requestState']);

/** The member that names what is called; it may be prefixed on this hop, and is told apart from the others. */
const NAME_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['resources/subscribe', 'uri'],
  ['resources/unsubscribe', 'uri'],
]);

/** Whether a member of `params` is part of what somebody approves, besides the name. */
export function isCallMember(method: string, key: string): boolean {
  return !PER_TRY.has(key) && NAME_MEMBERS.get(method) !== key;
}

/** What is left of `params` without the name and what belongs to one try. */
export function callMembers(method: string, params: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(params ?? {}).filter(([key]) => isCallMember(method, key)));
}
