/** How far from the exact place a line may end for the cut to be made there, as a part of what is kept. */
const LINE_REACH = 0.2;

export interface TextCut {
  readonly head: string;
  readonly tail: string;
  /** Place of what is missing, in UTF-16 units of the text. */
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts the middle out of a text: at ends of lines when there are any nearby, else between characters. Undefined when the text is short enough as it is.
 *
 * @param maxChars UTF-16 units of head and tail together.
 */
export function cutText(text: string, maxChars: number): TextCut | undefined {
  if (text.length <= maxChars) return undefined;
  const half = Math.max(1, Math.floor(maxChars / 2));
  const reach = Math.floor(half * LINE_REACH);
  const from = headEnd(text, half, reach);
  const to = tailStart(text, text.length - half, reach);
  return { head: text.slice(0, from), tail: text.slice(to), from, to };
}

function headEnd(text: string, at: number, reach: number): number {
  const line = text.lastIndexOf('\n', at - 1);
  if (line >= at - reach && line > 0) return line + 1;
  return isInsidePair(text, at) ? at - 1 : at;
}

function tailStart(text: string, at: number, reach: number): number {
  const line = text.indexOf('\n', at - 1);
  if (line >= 0 && line < at + reach && line + 1 < text.length) return line + 1;
  return isInsidePair(text, at) ? at + 1 : at;
}

function isInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
