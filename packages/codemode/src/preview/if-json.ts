import type { JsonValue } from '@smcp/protocol';

const parse: (text: string) => JsonValue = JSON.parse;

/** The value of a JSON text; undefined when it is none. */
export function ifJson(text: string): JsonValue | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
