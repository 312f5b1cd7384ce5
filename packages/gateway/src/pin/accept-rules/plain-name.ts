const MAX_CHARS = 32;
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*$/;
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/** The words of a name in lower case: of `maxRows` and `max_rows` the same two. Undefined when it is no plain name of at most `maxWords` words. */
export function ifPlainName(name: string, maxWords: number): readonly string[] | undefined {
  if (name.length > MAX_CHARS || !NAME.test(name)) {
    return undefined;
  }
  const words = (name.match(WORD) ?? []).map((word) => word.toLowerCase());
  return words.length <= maxWords ? words : undefined;
}
