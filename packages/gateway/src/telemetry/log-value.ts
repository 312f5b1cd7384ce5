/** Bounds of one log line; what is beyond them is cut and said to be cut. */
export const MAX_TEXT = 8 * 1024;
const MAX_NODES = 500;
const MAX_DEPTH = 6;
/** Text beyond this is not even searched for secrets. */
const MAX_SEARCHED = 64 * 1024;
/** A secret may straddle the end of what was searched: so much before it is dropped as well. */
const STRADDLE = 4 * 1024;

export type LogValue =
  | string
  | number
  | boolean
  | null
  | readonly LogValue[]
  | { readonly [key: string]: LogValue };

export type Redact = (text: string) => string;

/**
 * Makes a redacted copy of `text` of at most `MAX_TEXT` characters. A `redact` that throws costs the text, never the secret.
 */
export function safeText(text: string, redact: Redact): string {
  const searched = text.length > MAX_SEARCHED ? text.slice(0, MAX_SEARCHED) : text;
  let clean: string;
  try {
    clean = redact(searched);
  } catch {
    // A broken pattern must neither stop the caller nor let the text out unsearched.
    return '[not shown: redaction failed]';
  }
  const unsure = searched.length < text.length ? STRADDLE : 0;
  const keep = Math.min(clean.length - unsure, MAX_TEXT);
  return keep < clean.length ? `${clean.slice(0, Math.max(keep, 0))}…` : clean;
}

/**
 * Makes a redacted, bounded, plain copy of any value: no getters left, no cycles, at most 500 parts and 6 levels. Errors become name, code, message and
 * cause; what JSON cannot say becomes a word in brackets. Never throws.
 */
export function safeValue(value: unknown, redact: Redact): LogValue {
  let nodes = 0;

  const copy = (item: unknown, depth: number): LogValue => {
    nodes += 1;
    if (nodes > MAX_NODES) return '[cut]';
    switch (typeof item) {
      case 'string':
        return safeText(item, redact);
      case 'number':
        return Number.isFinite(item) ? item : String(item);
      case 'boolean':
        return item;
      case 'bigint':
        return safeText(item.toString(), redact);
      case 'undefined':
      case 'symbol':
      case 'function':
        return `[${typeof item}]`;
      case 'object':
        return item === null ? null : copyObject(item, depth);
      default:
        return '[unknown]';
    }
  };

  const copyObject = (item: object, depth: number): LogValue => {
    if (item instanceof Date) return Number.isNaN(item.getTime()) ? '[invalid date]' : item.toISOString();
    if (item instanceof URL) return safeText(item.href, redact);
    if (ArrayBuffer.isView(item)) return `[${item.byteLength} bytes]`;
    if (depth >= MAX_DEPTH) return '[cut]';
    if (Array.isArray(item)) return item.slice(0, MAX_NODES).map((part) => copy(part, depth + 1));
    const entries = item instanceof Error ? errorEntries(item) : Object.entries(item);
    return Object.fromEntries(
      entries
        .filter(([, part]) => part !== undefined)
        .slice(0, MAX_NODES)
        .map(([key, part]) => [safeText(key, redact), copy(part, depth + 1)]),
    );
  };

  try {
    return copy(value, 0);
  } catch {
    // A getter or proxy of the value threw: its content is lost, the line is not.
    return '[not shown: unreadable value]';
  }
}

function errorEntries(error: Error): [string, unknown][] {
  const code = 'code' in error ? error.code : undefined;
  return [
    ['name', error.name],
    ['code', code],
    ['message', error.message],
    ['cause', error.cause],
  ];
}

// Controls (C0, DEL, C1), line and paragraph separators, and the marks that reorder text: all can make a terminal or a viewer show what was not written.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu; // oxlint-disable-line no-control-regex -- they are what is searched
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Spells out every character that a terminal would obey instead of showing, so that one line stays one line. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => SHORT[character] ?? escaped(character));
}

/** The same for finished JSON: what `JSON.stringify` leaves as it is gets its JSON escape, so that the parsed value does not change. */
export function visibleJson(json: string): string {
  return json.replace(INVISIBLE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
