/** Deeper than any tool's data, and far from where a recursive walk over the parsed value overflows its stack. */
export const MAX_JSON_DEPTH = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Whether arrays and objects in JSON text are nested deeper than allowed. Looks at brackets outside of strings only, in one pass without recursion; says
 * nothing about whether the text is JSON.
 */
export function isJsonTooDeep(text: string, maxDepth: number = MAX_JSON_DEPTH): boolean {
  if (text.length <= maxDepth) {
    return false;
  }
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1;
      if (depth > maxDepth) {
        return true;
      }
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      depth -= 1;
    }
  }
  return false;
}

/** Whether text is JSON at all, and not nested deeper than allowed. */
export function isJsonText(text: string, maxDepth: number = MAX_JSON_DEPTH): boolean {
  if (isJsonTooDeep(text, maxDepth)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Only a SyntaxError comes from JSON.parse without a reviver.
    return false;
  }
}

/** Whether a parsed value is nested deeper than allowed; visits without recursion. */
export function isValueTooDeep(value: unknown, maxDepth: number = MAX_JSON_DEPTH): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const entry of level) {
      if (typeof entry === 'object' && entry !== null) {
        if (depth === maxDepth) {
          return true;
        }
        for (const member of Object.values(entry)) {
          next.push(member);
        }
      }
    }
    level = next;
  }
  return false;
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}
