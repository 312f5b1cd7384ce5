/** A hyphen that looks like the other one and means nothing to the compiler; as long in UTF-16. */
const INERT_HYPHEN = '\u2011';

/**
 * Makes comments that switch the check off mean nothing, without moving anything. Strings with such words change too, which {@link unmask} undoes in what
 * comes back.
 */
export function mask(code: string): string {
  const inert = code.replaceAll(
    /@ts-(?=ignore|expect-error|nocheck|check)/giu,
    (found) => `${found.slice(0, -1)}${INERT_HYPHEN}`,
  );
  // The first line of a script that is run from a shell.
  return inert.startsWith('#!') ? `//${inert.slice(2)}` : inert;
}

/** Undoes {@link mask} in words of the compiler, which may write the hyphen as an escape. */
export function unmask(text: string): string {
  return text.replaceAll(/(@ts)(?:\u2011|\\u2011)/giu, '$1-');
}
