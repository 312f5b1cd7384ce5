const ID_FIRST = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,\s*"(?:result|error)"\s*:/;
const RESULT_FIRST = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"(?:result|error)"\s*:/;
const ID_LAST = /,\s*"id"\s*:\s*(\d{1,15})\s*\}\s*$/;

/**
 * Which request a response answers, as far as its two ends show; undefined when they do not. An id before the one brace that ends the text
 * belongs to the outer object.
 */
export function ifAnsweredId(head: string, tail: string): number | undefined {
  const found = ID_FIRST.exec(head) ?? (RESULT_FIRST.test(head) ? ID_LAST.exec(tail) : null);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
