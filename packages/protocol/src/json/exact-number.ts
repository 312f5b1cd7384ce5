const DOT = 0x2e;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const MAX_SURELY_EXACT_DIGITS = 15;

/**
 * Whether the JSON number at `[start, end)` keeps its meaning as a JavaScript number: it stays within ±(2^53 - 1) and does not vanish to zero.
 *
 * Rounding of a decimal is accepted. The answer for text that is no JSON number means nothing.
 */
export function isExactNumber(text: string, start: number, end: number): boolean {
  let exponent = -1;
  let fraction = false;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) fraction = true;
    else if (code === LOWER_E || code === UPPER_E) {
      exponent = at;
      break;
    }
  }
  if (exponent === -1 && end - start <= MAX_SURELY_EXACT_DIGITS) return true;
  const value = Number(text.slice(start, end));
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return false;
  if (value !== 0 || (exponent === -1 && !fraction)) return true;
  return !/[1-9]/.test(text.slice(start, exponent === -1 ? end : exponent));
}
