import type { JsonValue } from '../jsonrpc/messages.ts';
import { buildJson } from './build-json.ts';
import type { JsonDocument, JsonLimits } from './json-document.ts';
import { JsonError } from './json-error.ts';
import { scanJson } from './scan-json.ts';

/**
 * Reads one JSON text from an untrusted peer: strictly, within bounds, and without ambiguity.
 *
 * Besides what RFC 8259 forbids it refuses what readers disagree about: a key that stands twice in one object (escapes undone), the key `__proto__`,
 * and a surrogate without its partner, written raw or as `\u` escape. Whether a number is exact is reported, not refused. What is valid is decided by
 * `JSON.parse`, and the value comes from it too, unless a key is written with an escape (see `buildJson`).
 *
 * Does not check what the value means: classify it next.
 *
 * @returns The value with the text it was read from; `text.slice(start, end)` of a span is that member's value as written.
 * @throws {JsonError} `JSON_TOO_LONG`, `JSON_TOO_DEEP` and `JSON_TOO_MANY_NODES` past a limit, `JSON_DUPLICATE_KEY`, `JSON_FORBIDDEN_KEY`, and
 *   `JSON_SYNTAX` for everything that is not a single well-formed JSON text.
 */
export function readJson(text: string, limits: JsonLimits): JsonDocument {
  if (text.length > limits.maxLength) {
    throw new JsonError(
      'JSON_TOO_LONG',
      `JSON text has ${text.length} code units, at most ${limits.maxLength} are accepted`,
      limits.maxLength,
    );
  }
  // Raw text without lone surrogates leaves only the escaped ones to the scanner.
  if (!text.isWellFormed()) {
    throw new JsonError('JSON_SYNTAX', 'JSON text holds half of a surrogate pair', null);
  }
  const { members, paramMembers, exactNumbers, escapedKeys } = scanJson(text, limits);
  const parsed = parseNatively(text);
  return { text, value: escapedKeys ? buildJson(text) : parsed, members, paramMembers, exactNumbers };
}

const parse: (text: string) => JsonValue = JSON.parse;

function parseNatively(text: string): JsonValue {
  try {
    return parse(text);
  } catch (error) {
    // The engine's own message quotes the input, so neither it nor the error goes any further.
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    const offset = position === undefined ? null : Number(position);
    const where = offset === null ? '' : ` at offset ${offset}`;
    throw new JsonError('JSON_SYNTAX', `Text is not valid JSON${where}`, offset);
  }
}
