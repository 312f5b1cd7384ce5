// What moves a cursor, turns the direction of text, or cannot be seen: controls, format and ignorable characters, separators other than the plain blank,
// halves of surrogate pairs, private and unassigned characters, and the blank of braille.
const DECEIVING =
  /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text in which every character is seen for what it is; others are spelt out as `\u{…}`. Line breaks too. */
export function visibleText(text: string): string {
  return text.replaceAll(DECEIVING, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** As `visibleText`, for text of several lines: line feeds stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

/** A name between quotes, visible, and cut to a length that leaves room for the rest. */
export function quotedName(name: string, maxChars = 500): string {
  const text = visibleText(name);
  const cut =
    text.length > maxChars
      ? `${text.slice(0, maxChars).toWellFormed()}… [${text.length - maxChars} more characters]`
      : text;
  return `"${cut.replaceAll('"', String.raw`\"`)}"`;
}
