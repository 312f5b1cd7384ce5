const PREFIX = '=?base64?';
const SUFFIX = '?=';
const PRINTABLE = /^[\x20-\x7e]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PART_BYTES = 8192;

/**
 * Writes any text as the value of an MCP header: as it is, or as `=?base64?<base64 of UTF-8>?=` when it is not printable ASCII, begins or ends with
 * a space, or looks like that form itself.
 *
 * A lone surrogate has no UTF-8 and comes out as U+FFFD.
 *
 * @see MCP 2026-07-28, Streamable HTTP, encoding of header values
 */
export function toHeaderValue(text: string): string {
  return isPlain(text) ? text : `${PREFIX}${toBase64(new TextEncoder().encode(text))}${SUFFIX}`;
}

/**
 * The text that a header value stands for.
 *
 * @returns Undefined when the value is no such text: not printable ASCII, or marked as base64 and not the one canonical base64 of valid UTF-8.
 */
export function ifHeaderValue(value: string): string | undefined {
  if (!PRINTABLE.test(value)) {
    return undefined;
  }
  const isMarked =
    value.length >= PREFIX.length + SUFFIX.length && value.startsWith(PREFIX) && value.endsWith(SUFFIX);
  return isMarked ? ifDecoded(value.slice(PREFIX.length, -SUFFIX.length)) : value;
}

function isPlain(text: string): boolean {
  return (
    PRINTABLE.test(text) &&
    !text.startsWith(' ') &&
    !text.endsWith(' ') &&
    !(text.startsWith(PREFIX) && text.endsWith(SUFFIX))
  );
}

function ifDecoded(base64: string): string | undefined {
  if (!BASE64.test(base64)) {
    return undefined;
  }
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  // Bits that the last character has beyond the last byte must be zero, so that one text has one form.
  if (toBase64(bytes) !== base64) {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // As arguments of one call the bytes of a long text would overflow the stack.
  for (let start = 0; start < bytes.length; start += PART_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + PART_BYTES));
  }
  return btoa(binary);
}
