export type JsonErrorCode =
  | 'JSON_SYNTAX'
  | 'JSON_TOO_LONG'
  | 'JSON_TOO_DEEP'
  | 'JSON_TOO_MANY_NODES'
  | 'JSON_DUPLICATE_KEY'
  | 'JSON_FORBIDDEN_KEY';

/**
 * A JSON text that is refused. The message names keys (cut to 40 characters) and positions, never a value, so that it may be logged and sent back.
 */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;
  /** Position in the text in UTF-16 code units; null when it is not known. */
  readonly offset: number | null;

  constructor(code: JsonErrorCode, message: string, offset: number | null) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

const MAX_QUOTED_KEY = 40;

/** A key as it may stand in a message: on one line, and at most 40 characters of it. */
export function quoteKey(key: string): string {
  const cut = key.length > MAX_QUOTED_KEY ? `${key.slice(0, MAX_QUOTED_KEY - 1)}…` : key;
  return JSON.stringify(cut.toWellFormed());
}
