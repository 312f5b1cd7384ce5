import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { isList } from '../canonical-json.ts';
import type { AcceptRule } from './accept-rule.ts';

/** A longer run may be there to push text out of sight. */
const MAX_RUN = 8;
const BLANKS = /[ \t\r\n]+/g;
/** Values that a model may be given as they are, so that a blank in them means something. */
const DATA: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'annotations', '_meta']);

/** Descriptions, at any depth, whose words stand as before with other blanks or line breaks between them. */
export const descriptionWhitespace: AcceptRule = (pinned, seen) => inObject(pinned, seen);

function inObject(pinned: JsonObject, seen: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(seen).map(([key, after]) => {
      const before = Object.hasOwn(pinned, key) ? pinned[key] : undefined;
      return [key, before === undefined || DATA.has(key) ? after : inMember(key, before, after)];
    }),
  );
}

function inMember(key: string, before: JsonValue, after: JsonValue): JsonValue {
  if (typeof before === 'string' && typeof after === 'string') {
    return key === 'description' && isOnlyBlanks(before, after) ? before : after;
  }
  if (isList(before) && isList(after)) {
    return after.map((element, index) => inMember('', before[index] ?? null, element));
  }
  return isJsonObject(before) && isJsonObject(after) ? inObject(before, after) : after;
}

function isOnlyBlanks(before: string, after: string): boolean {
  return joined(before) === joined(after) && longestRun(after) <= Math.max(longestRun(before), MAX_RUN);
}

function joined(text: string): string {
  return text.replaceAll(BLANKS, ' ').trim();
}

function longestRun(text: string): number {
  return (text.match(BLANKS) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
