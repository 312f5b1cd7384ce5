import type { JsonSpan } from './json-document.ts';
import { endOfJsonString } from './string-end.ts';
import { isSpace, skipSpace } from './white-space.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;

/** Members of the `result` of a response by key, each where its value stands, and where the first of them begins. */
export interface ResultMembers {
  /** Right behind the opening brace. */
  readonly inside: number;
  readonly members: ReadonlyMap<string, JsonSpan>;
}

/**
 * Finds the members of the result of a response without building values.
 *
 * Expects a text that `JSON.parse` accepts; does not check that. Undefined when the outer object has no `result`, two of them, or one that is no
 * object, and when the result has a key twice: readers would disagree about which counts.
 */
export function ifResultMembers(text: string): ResultMembers | undefined {
  const outer = ifMembers(text, skipSpace(text, 0));
  const result = outer?.get('result');
  if (result === undefined || text.charCodeAt(result.start) !== OPEN_BRACE) return undefined;
  const members = ifMembers(text, result.start);
  return members && { inside: result.start + 1, members };
}

/** Members of the object that opens at `open`; undefined when it is none, or has a key twice. */
function ifMembers(text: string, open: number): Map<string, JsonSpan> | undefined {
  if (text.charCodeAt(open) !== OPEN_BRACE) return undefined;
  const members = new Map<string, JsonSpan>();
  let at = skipSpace(text, open + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfJsonString(text, at);
    if (keyEnd === undefined) return undefined;
    const key = ifString(text.slice(at, keyEnd));
    const colon = skipSpace(text, keyEnd);
    const start = skipSpace(text, colon + 1);
    const end = endOfValue(text, start);
    if (text.charCodeAt(colon) !== COLON || end === undefined) return undefined;
    if (key === undefined || members.has(key)) return undefined;
    members.set(key, { start, end });
    const next = skipSpace(text, end);
    if (text.charCodeAt(next) !== COMMA) return members;
    at = skipSpace(text, next + 1);
  }
  return members;
}

function ifString(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

/** Position behind the value that begins at `start`. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    // Braces and brackets are the only characters outside strings that equal a bracket when bit 5 is cleared.
    const bracket = code & ~0x20;
    if (code === QUOTE) {
      const end = endOfJsonString(text, at);
      if (end === undefined || depth === 0) return end;
      at = end;
      continue;
    }
    if (bracket === OPEN_BRACKET) depth += 1;
    else if (bracket === CLOSE_BRACKET) {
      // The end of what is around a number or a name.
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || isSpace(code))) return at;
    at += 1;
  }
  return undefined;
}
