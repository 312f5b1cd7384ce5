import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { withMember, type AcceptRule } from './accept-rule.ts';

/** Versions, times and digests: digits with what stands between them, and no room for a word. */
const STAMP = /^v?[0-9][0-9A-Fa-f.:+TZ-]{0,63}$/;

/**
 * Members of `_meta` that hold a version, a time or a digest, and were taken away or hold another one. New members are never harmless, and neither is a
 * number or a yes or no, which may be a limit or a safeguard.
 */
export const meta: AcceptRule = (pinned, seen) => {
  const [before, after = {}] = [pinned['_meta'], seen['_meta']];
  if (!isJsonObject(before) || !isJsonObject(after)) {
    return seen;
  }
  const stamps = Object.entries(before).filter(
    ([key, value]) => isStamp(value) && (!Object.hasOwn(after, key) || isStamp(after[key])),
  );
  const left: JsonObject = { ...after, ...Object.fromEntries(stamps) };
  const isGone = seen['_meta'] === undefined && stamps.length === 0;
  return withMember(seen, '_meta', isGone ? undefined : left);
};

function isStamp(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && STAMP.test(value);
}
