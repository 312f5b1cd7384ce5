import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { withMember, type AcceptRule } from './accept-rule.ts';

const MAX_CHARS = 200;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P} ]*$/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** A title that was taken away, or says the same words as the pinned title or the name in other letters or punctuation. */
export const title: AcceptRule = (pinned, seen) => {
  const left = withTitle(pinned, seen, pinned);
  const [before = {}, after] = [pinned['annotations'], left['annotations']];
  return isJsonObject(before) && isJsonObject(after)
    ? withMember(left, 'annotations', withTitle(before, after, pinned))
    : left;
};

function withTitle(before: JsonObject, after: JsonObject, { name }: JsonObject): JsonObject {
  const isKnown = [before['title'], name].some((known) => saysTheSame(known, after['title']));
  return after['title'] === undefined || isKnown ? withMember(after, 'title', before['title']) : after;
}

function saysTheSame(known: JsonValue | undefined, seen: JsonValue | undefined): boolean {
  return (
    typeof known === 'string' &&
    typeof seen === 'string' &&
    seen.length <= MAX_CHARS &&
    PRINTABLE.test(seen) &&
    words(known) === words(seen)
  );
}

function words(text: string): string {
  return (text.toLowerCase().match(WORD) ?? []).join(' ');
}
