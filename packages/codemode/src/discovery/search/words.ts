const MAX_WORD_CHARS = 40;
const MARKS = /\p{M}+/gu;
const NO_WORD = /[^\p{L}\p{N}]+/u;
const ASCII = /^[\0-\x7f]*$/u;
const CAPITAL_INSIDE = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const LETTERS_THEN_DIGITS = /^(?<letters>\p{L}{3,})\d+$/u;
const LAST_DIGIT = /\d$/u;

/**
 * The words of a text in lower case and without accents, in order. A word in camelCase gives its parts and itself (`listIssues`: `list`, `issues`,
 * `listissues`), one that ends in digits itself and its letters (`context7`: `context7`, `context`).
 *
 * @param maxWords How many words are given at most.
 */
export function splitWords(text: string, maxWords: number): readonly string[] {
  const words: string[] = [];
  for (const word of plain(text).split(NO_WORD)) {
    if (words.length >= maxWords) break;
    if (word === '' || word.length > MAX_WORD_CHARS) continue;
    if (CAPITAL_INSIDE.test(word)) words.push(...camelParts(word));
    words.push(word.toLowerCase());
    if (!LAST_DIGIT.test(word)) continue;
    const letters = LETTERS_THEN_DIGITS.exec(word)?.groups?.['letters'];
    if (letters !== undefined) words.push(letters.toLowerCase());
  }
  return words.slice(0, maxWords);
}

function camelParts(word: string): readonly string[] {
  return word
    .replaceAll(/(?<before>[\p{Ll}\p{N}])(?<after>\p{Lu})/gu, '$<before> $<after>')
    .replaceAll(/(?<before>\p{Lu})(?<after>\p{Lu}\p{Ll})/gu, '$<before> $<after>')
    .toLowerCase()
    .split(' ');
}

/** Without accents; ASCII, the common case, is plain already. */
function plain(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFKD').replaceAll(MARKS, '');
}
