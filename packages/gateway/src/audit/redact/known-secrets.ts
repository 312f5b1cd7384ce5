import { LiteralFinder } from './literal-finder.ts';
import type { Span } from './token-patterns.ts';

/** A shorter secret would black out half of every record and is no secret worth the name. */
const MIN_LENGTH = 4;
const MIN_ENCODED_LENGTH = 8;

/**
 * Finds the exact values of secrets that the gateway holds, also in the forms in which they travel: percent-encoded, inside JSON, in base64.
 *
 * @param values Called for every text; compiled again only when the values are others.
 */
export function createKnownSecretFinder(values: () => readonly string[]): (text: string) => Span[] {
  let compiledFrom: readonly string[] = [];
  let finder = new LiteralFinder([]);
  return (text) => {
    const current = values();
    if (!isSame(current, compiledFrom)) {
      compiledFrom = [...current];
      finder = new LiteralFinder(current.flatMap(formsOf));
    }
    const spans: Span[] = [];
    finder.find(text, (literal, start) => spans.push({ start, end: start + literal.length }));
    return spans;
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function formsOf(value: string): readonly string[] {
  if (value.length < MIN_LENGTH) return [];
  const forms = [value, JSON.stringify(value).slice(1, -1)];
  if (value.isWellFormed()) forms.push(encodeURIComponent(value));
  if (value.length >= MIN_ENCODED_LENGTH) {
    forms.push(
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
      Buffer.from(value).toString('base64url'),
    );
  }
  return forms;
}
