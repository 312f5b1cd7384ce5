/** Characters of a name that count; what is behind them only makes it longer. */
const MAX_NAME_CHARS = 256;

const MAX_IDENTIFIER_CHARS = 64;

/** An identifier in both spellings, of ASCII letters, digits and underscores only. */
export interface Identifier {
  /** Such as `listIssues`; begins with a small letter, or with an underscore before a digit. */
  readonly camel: string;
  /** Such as `list_issues`. */
  readonly snake: string;
}

/**
 * The identifier nearest to a name. Accents are taken off, characters that cannot be seen are left out, and all else that is no ASCII letter or digit parts
 * words, so that no look-alike gets into an identifier. Different names may give the same one.
 *
 * @param fallback Of a name in which nothing is left.
 */
export function toIdentifier(name: string, fallback: string): Identifier {
  const plain = name
    .slice(0, MAX_NAME_CHARS)
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '');
  const pieces = plain.match(/[A-Za-z0-9]+/g) ?? [fallback];
  return { camel: finish(camelOf(pieces)), snake: finish(pieces.flatMap(wordsOf).join('_').toLowerCase()) };
}

/** The identifier as the name of a type, such as `ListIssues`. */
export function toTypeName(camel: string): string {
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** The name, or the first one with a number behind it that is not taken; it is from then on. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}${n}`;
  taken.add(free);
  return free;
}

function camelOf(pieces: readonly string[]): string {
  return pieces
    .map((piece, index) => {
      const word = /^[A-Z0-9]+$/.test(piece) ? piece.toLowerCase() : piece;
      return index === 0 ? lowerStart(word) : toTypeName(word);
    })
    .join('');
}

/** `URLOfPage` begins with the word `URL`, of which every letter becomes small. */
function lowerStart(word: string): string {
  return word.replace(/^(?:[A-Z]+(?![a-z])|[A-Z])/, (start) => start.toLowerCase());
}

function wordsOf(piece: string): readonly string[] {
  return piece.match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[0-9]+/g) ?? [piece];
}

function finish(text: string): string {
  const cut = text.slice(0, MAX_IDENTIFIER_CHARS);
  return /^[0-9]/.test(cut) ? `_${cut}` : cut;
}
