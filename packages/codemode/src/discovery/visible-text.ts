import { INVISIBLE } from '../bindings/text/invisible.ts';

const UNUSUAL_BREAK = /\r\n?|[\u2028\u2029\u0085\v\f]/gu;
const UNUSUAL_BLANK = /\p{Zs}/gu;
const CUT = '…';
const MAX_NAME_CHARS = 128;

/**
 * The words of a server as a reader would see them, at most `maxChars` UTF-16 units. Characters that cannot be seen or turn the direction of text are
 * removed, unusual blanks and line breaks become usual ones, and a cut end is marked by an ellipsis. What the words say is not judged.
 */
export function visibleText(text: string, maxChars: number): string {
  // Twice the length is enough unless most of it is unseen, and bounds the work on a text of megabytes.
  const seen = text
    .slice(0, 2 * maxChars)
    .replaceAll(UNUSUAL_BREAK, '\n')
    .replaceAll(UNUSUAL_BLANK, ' ')
    .replaceAll(INVISIBLE, '')
    .trim();
  if (seen.length <= maxChars && text.length <= 2 * maxChars) return seen;
  // A pair of surrogates is not cut in two.
  const kept = seen.slice(0, Math.max(0, maxChars - CUT.length)).replace(/[\uD800-\uDBFF]$/u, '');
  return `${kept.trimEnd()}${CUT}`;
}

/** Whether a name can be shown as it is. */
export function isPlainName(name: string): boolean {
  return visibleText(name, MAX_NAME_CHARS) === name && !/[\n\t]/u.test(name);
}
