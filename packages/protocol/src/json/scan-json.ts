import { JsonError, quoteKey } from './json-error.ts';
import { KeyStack } from './key-stack.ts';
import { isExactNumber } from './exact-number.ts';
import type { JsonLimits, JsonSpan } from './json-document.ts';

// One pass over the characters of a JSON text, without recursion and without building values. It must be right about every valid text: where members
// stand, how deep and how many. It may be lenient about an invalid one, because `JSON.parse` reads the same text afterwards and has the last word.

/** White space is at or below it; so are control characters, which `JSON.parse` refuses. */
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface JsonScan {
  readonly members: Map<string, JsonSpan>;
  readonly paramMembers: Map<string, JsonSpan>;
  readonly exactNumbers: boolean;
  /** Whether any key is written with an escape. */
  readonly escapedKeys: boolean;
}

/**
 * Finds the outer members of a JSON text and checks depth, node count and keys.
 *
 * Expects text without raw lone surrogates. Does not check the length, and most of the grammar only so far as it must to find its way.
 *
 * @throws {JsonError} Any code but `JSON_TOO_LONG`.
 */
export function scanJson(text: string, limits: JsonLimits): JsonScan {
  const members = new Map<string, JsonSpan>();
  const paramMembers = new Map<string, JsonSpan>();
  const keys = new KeyStack();
  /** For each open container: whether it is an object. */
  const objects: boolean[] = [];
  let depth = 0;
  let nodes = 0;
  let exactNumbers = true;
  let escapedKeys = false;
  let inObject = false;
  let keyExpected = false;
  /** Inside the object that is the outer object's `params`. */
  let inParams = false;
  let outerKey = '';
  let outerStart = 0;
  let paramKey = '';
  let paramStart = 0;
  /** First backslash at or after the current position; strings before it need no look inside. */
  let backslash = nextBackslash(text, 0);

  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === COLON) {
      at += 1;
      continue;
    }
    if (code === COMMA) {
      keyExpected = inObject;
      at += 1;
      continue;
    }

    const isString = code === QUOTE;
    if (isString && keyExpected) {
      const end = endOfString(text, at, backslash);
      const escaped = backslash < end;
      if (escaped) {
        escapedKeys = true;
        backslash = nextBackslash(text, end);
      }
      const key = escaped ? parseKey(text.slice(at, end), at) : text.slice(at + 1, end - 1);
      if (key === '__proto__') {
        throw new JsonError('JSON_FORBIDDEN_KEY', `JSON key "__proto__" at offset ${at} is not accepted`, at);
      }
      if (!keys.add(key)) {
        const message = `JSON key ${quoteKey(key)} at offset ${at} stands twice in one object`;
        throw new JsonError('JSON_DUPLICATE_KEY', message, at);
      }
      if (depth === 1) outerKey = key;
      else if (depth === 2 && inParams) paramKey = key;
      keyExpected = false;
      at = end;
      continue;
    }

    let end: number;
    if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0 || inObject !== (code === CLOSE_BRACE)) {
        throw new JsonError('JSON_SYNTAX', `JSON closes at offset ${at} what is not open`, at);
      }
      if (inObject) keys.leave();
      objects.pop();
      depth -= 1;
      inObject = depth > 0 && objects[depth - 1] === true;
      if (depth === 1) inParams = false;
      keyExpected = false;
      at += 1;
      end = at;
    } else {
      if (depth > 0) nodes += 1;
      if (nodes > limits.maxNodes) {
        const message = `JSON text has more than ${limits.maxNodes} members and elements`;
        throw new JsonError('JSON_TOO_MANY_NODES', message, at);
      }
      if (depth === 1) outerStart = at;
      else if (depth === 2) paramStart = at;

      if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        inObject = code === OPEN_BRACE;
        if (depth === 1 && inObject && objects[0] === true) inParams = outerKey === 'params';
        depth += 1;
        if (depth > limits.maxDepth) {
          throw new JsonError('JSON_TOO_DEEP', `JSON text nests deeper than ${limits.maxDepth}`, at);
        }
        objects.push(inObject);
        if (inObject) keys.enter();
        keyExpected = inObject;
        at += 1;
        continue;
      }
      if (isString) {
        end = endOfString(text, at, backslash);
        if (backslash < end) backslash = nextBackslash(text, end);
      } else {
        end = endOfScalar(text, at);
        const isNumber = code === MINUS || (code >= ZERO && code <= NINE);
        if (isNumber && exactNumbers) exactNumbers = isExactNumber(text, at, end);
      }
      at = end;
    }

    // A value ended at `end`, inside the container that is open now.
    if (depth === 1) {
      if (inObject) members.set(outerKey, { start: outerStart, end });
    } else if (depth === 2 && inParams) {
      paramMembers.set(paramKey, { start: paramStart, end });
    }
  }
  return { members, paramMembers, exactNumbers, escapedKeys };
}

function nextBackslash(text: string, from: number): number {
  const found = text.indexOf('\\', from);
  return found === -1 ? Infinity : found;
}

/** Position behind the closing quote of the string that opens at `open`. `backslash` is the first one at or after `open`. */
function endOfString(text: string, open: number, backslash: number): number {
  let quote = text.indexOf('"', open + 1);
  let at = backslash;
  while (quote !== -1 && at < quote) {
    at = endOfEscape(text, at);
    if (quote < at) quote = text.indexOf('"', at);
    at = nextBackslashBefore(text, at, quote);
  }
  if (quote === -1) throw new JsonError('JSON_SYNTAX', `JSON string at offset ${open} does not end`, open);
  return quote + 1;
}

function nextBackslashBefore(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at += 1) if (text.charCodeAt(at) === BACKSLASH) return at;
  return Infinity;
}

/** Position behind the escape at `at`; a pair of surrogate escapes counts as one. */
function endOfEscape(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== LOWER_U) return at + 2;
  const unit = Number.parseInt(text.slice(at + 2, at + 6), 16);
  if (!(unit >= 0xd800 && unit <= 0xdfff)) return at + 2;
  const hasLow = text.charCodeAt(at + 6) === BACKSLASH && text.charCodeAt(at + 7) === LOWER_U;
  const low = hasLow ? Number.parseInt(text.slice(at + 8, at + 12), 16) : 0;
  if (unit >= 0xdc00 || !(low >= 0xdc00 && low <= 0xdfff)) {
    throw new JsonError('JSON_SYNTAX', `JSON escape at offset ${at} is half of a surrogate pair`, at);
  }
  return at + 12;
}

/** Undoes the escapes of a key, given with its quotes. */
function parseKey(quoted: string, offset: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new JsonError('JSON_SYNTAX', `JSON key at offset ${offset} is not a valid string`, offset);
  }
}

/** Position behind the number or name at `start`, at least one further. */
function endOfScalar(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= SPACE) break;
    if (code === QUOTE || code === COLON || code === OPEN_BRACE || code === OPEN_BRACKET) break;
    at += 1;
  }
  return at;
}
