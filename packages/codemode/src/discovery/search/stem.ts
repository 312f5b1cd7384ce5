const MIN_STEM = 3;
const VOWEL = /[aeiouy]/u;
const DOUBLED = /(?<twin>[bdfgmnprt])\k<twin>$/u;

/**
 * One form for the common forms of an English word: plurals, -ing, -ed, -ion, -ment and a last e are taken off. The form need not be a word
 * (`creating`, `created`, `creation` and `create` give `creat`); other languages mostly stay as they are.
 *
 * @param word In lower case.
 */
export function stem(word: string): string {
  if (!/^[a-z]{4,40}$/u.test(word)) return word;
  return withoutLastE(withoutNounEnding(withoutVerbEnding(singular(word))));
}

function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|zz)es$/u.test(word)) return word.slice(0, -2);
  if (/(?:[^su]s)$/u.test(word) && !/(?:is|as)$/u.test(word)) return word.slice(0, -1);
  return word;
}

function withoutVerbEnding(word: string): string {
  const ending = word.endsWith('ing') ? 3 : word.endsWith('ed') ? 2 : 0;
  const rest = word.slice(0, word.length - ending);
  if (ending === 0 || rest.length < MIN_STEM || !VOWEL.test(rest)) return word;
  return DOUBLED.test(rest) ? rest.slice(0, -1) : rest;
}

function withoutNounEnding(word: string): string {
  if (/[ts]ion$/u.test(word) && word.length - 3 > MIN_STEM) return word.slice(0, -3);
  if (word.endsWith('ment') && word.length - 4 > MIN_STEM + 1) return word.slice(0, -4);
  return word;
}

function withoutLastE(word: string): string {
  return word.endsWith('e') && word.length > MIN_STEM + 1 ? word.slice(0, -1) : word;
}
