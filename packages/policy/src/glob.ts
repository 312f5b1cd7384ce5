/** A character that no pattern may hold, standing for "anything" when two globs are compared. */
const ANYTHING = '\u0000';

/**
 * One glob: `*` stands for any run of characters, every other character for itself. Matches from left to right without ever going back, so that the
 * time grows with the length of the text alone.
 */
export class Glob {
  readonly text: string;
  /** Without any `*`: matches exactly its own text. */
  readonly isLiteral: boolean;
  readonly #prefix: string;
  readonly #middle: readonly string[];
  readonly #suffix: string;

  constructor(text: string) {
    const [prefix = '', ...rest] = text.split('*');
    this.text = text;
    this.isLiteral = rest.length === 0;
    this.#prefix = prefix;
    this.#suffix = rest.pop() ?? '';
    this.#middle = rest;
    Object.freeze(this);
  }

  matches(text: string): boolean {
    if (this.isLiteral) return text === this.text;
    if (this.text === '*') return true;
    const end = text.length - this.#suffix.length;
    let at = this.#prefix.length;
    if (at > end || !text.startsWith(this.#prefix) || !text.endsWith(this.#suffix)) return false;
    for (const piece of this.#middle) {
      const found = text.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  }

  /**
   * Whether every text that `other` matches is matched by this glob too.
   *
   * A character that this glob does not hold can only be matched by a `*` of it, and what a `*` matches it matches in place of anything else; so it is
   * enough to look at one text, in which such a character stands for each `*` of `other`. The same holds for a list of globs: if they cover `other`
   * together, one of them does so alone.
   */
  covers(other: Glob): boolean {
    return this.matches(other.text.replaceAll('*', ANYTHING));
  }
}
