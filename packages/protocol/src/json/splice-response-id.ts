import type { RequestId } from '../jsonrpc/messages.ts';
import { toIdText } from './id-text.ts';
import type { JsonSpan } from './json-document.ts';
import { endOfJsonString } from './string-end.ts';
import { isSpace, skipSpace } from './white-space.ts';

const HEAD = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(?=\d)/;

/** Every id of the gate's own fits; a longer one might not be exact. */
const MAX_ID_DIGITS = 15;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE_BRACE = 0x7d;

/**
 * Replaces the id of a response without reading or re-serialising the rest, where it provably can: the id is a plain non-negative integer of at most 15 digits, stands in
 * the head (`{"jsonrpc":"2.0","id":7,` or `{"id":7,`) or at the very end (`,"id":7}`), and is the only top-level `id`.
 *
 * Expects a text that `JSON.parse` accepts as an object; does not check that. White space and line breaks stay as they are.
 *
 * @returns The text with the new id, or undefined when the caller has to re-serialise.
 * @throws {TypeError} When the new id is neither a string nor a safe integer.
 */
export function spliceResponseId(text: string, id: RequestId): string | undefined {
  const idText = toIdText(id);
  const place = ifResponseId(text);
  return place === undefined ? undefined : text.slice(0, place.start) + idText + text.slice(place.end);
}

interface IdPlace extends JsonSpan {
  /** The opening quote of the key. */
  readonly key: number;
}

/** Where the one id of a response stands, if that can be told without reading the rest. Expects what `spliceResponseId` expects. */
export function ifResponseId(text: string): JsonSpan | undefined {
  const place = ifIdInHead(text) ?? ifIdAtEnd(text);
  return place === undefined || place.end - place.start > MAX_ID_DIGITS || hasOtherId(text, place)
    ? undefined
    : place;
}

function ifIdInHead(text: string): IdPlace | undefined {
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) return undefined;
  const start = head.length;
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(skipSpace(text, end));
  // Anything else, such as a dot or an exponent, belongs to the number.
  if (next !== COMMA && next !== CLOSE_BRACE) return undefined;
  return { key: head.lastIndexOf('"id"'), start, end };
}

/**
 * Why this is the top-level id: the last brace of an object's text closes it, digits right before it are a whole number outside any string because a
 * colon precedes them, and a quote with a comma or space before it is not escaped, so `"id"` is a whole key and not the end of a longer one.
 */
function ifIdAtEnd(text: string): IdPlace | undefined {
  const brace = skipSpaceBack(text, text.length);
  if (text.charCodeAt(brace - 1) !== CLOSE_BRACE) return undefined;
  const end = skipSpaceBack(text, brace - 1);
  let start = end;
  while (isDigit(text.charCodeAt(start - 1))) start -= 1;
  if (start === end) return undefined;
  const colon = skipSpaceBack(text, start) - 1;
  if (text.charCodeAt(colon) !== COLON) return undefined;
  const key = skipSpaceBack(text, colon) - 4;
  if (key < 0 || !text.startsWith('"id"', key)) return undefined;
  const comma = skipSpaceBack(text, key) - 1;
  return text.charCodeAt(comma) === COMMA ? { key, start, end } : undefined;
}

/** Whether the outer object has an `id` besides the one at `place`; two of them would let readers disagree about whose answer this is. */
function hasOtherId(text: string, place: IdPlace): boolean {
  const escaped = text.includes('\\u006');
  if (!escaped && text.indexOf('"id"') === place.key && !text.includes('"id"', place.key + 1)) return false;
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfJsonString(text, at);
      if (end === undefined) return true;
      if (depth === 1 && at !== place.key && text.charCodeAt(skipSpace(text, end)) === COLON) {
        if (isIdKey(text.slice(at, end))) return true;
      }
      at = end;
      continue;
    }
    // The braces and brackets are the only characters outside strings that equal 0x5b or 0x5d when bit 5 is cleared.
    const bracket = code & ~0x20;
    if (bracket === 0x5b) depth += 1;
    else if (bracket === 0x5d) depth -= 1;
    at += 1;
  }
  return false;
}

function isIdKey(quoted: string): boolean {
  if (quoted === '"id"') return true;
  try {
    return quoted.includes('\\') && JSON.parse(quoted) === 'id';
  } catch {
    // Not valid JSON after all: say yes, so that nothing is replaced.
    return true;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Position behind the last character before `to` that is not white space. */
function skipSpaceBack(text: string, to: number): number {
  let at = to;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}
