import { INVISIBLE, PLAIN } from './invisible.ts';

/** How much is read for each character that is kept, so that padding cannot make it slow. */
const READ_PER_CHAR = 4;

/**
 * A server's words as text that may stand inside a block comment: it cannot end the comment, fence it off in Markdown, or direct the compiler, and shows all there is.
 * Blanks are collapsed; lines stay lines.
 *
 * @param maxChars About how long it may be; a longer text ends in `…`.
 */
export function commentText(text: string, maxChars: number): string {
  const read = text.slice(0, maxChars * READ_PER_CHAR);
  const lines = read.split(/\r?\n/).flatMap((line) =>
    visible(line)
      .split('\n')
      .map((part) => part.replaceAll(/[ \t]+/g, ' ').trim()),
  );
  const whole = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  const long = whole.length > maxChars || read.length < text.length;
  const kept = long ? `${wellFormed(whole.slice(0, maxChars)).trimEnd()}…` : whole;
  return kept
    .replaceAll('*/', String.raw`*\/`)
    .replaceAll(/`{3,}/g, "'''")
    .replaceAll(/@(?=ts-)/gi, '@ ');
}

/** The same on one line. */
export function commentLine(text: string, maxChars: number): string {
  return commentText(text, maxChars).replaceAll(/\s+/g, ' ');
}

/** A block comment of text made by {@link commentText}, without a line break at its end; empty for no text. */
export function blockComment(text: string, indent: string): string {
  if (text === '') return '';
  if (!text.includes('\n')) return `${indent}/** ${text} */`;
  const lines = text.split('\n').map((line) => `${indent} * ${line}`.trimEnd());
  return [`${indent}/**`, ...lines, `${indent} */`].join('\n');
}

function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/\p{Zs}/gu, ' ')
    .replaceAll(INVISIBLE, '')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1');
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.slice(0, -1);
}
