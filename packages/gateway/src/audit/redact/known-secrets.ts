import { LiteralFinder } from './literal-finder.ts';
import type { Span } from './token-patterns.ts';

/** A shorter secret would black out half of every record and is no secret worth the name. */
const MIN_LENGTH = 4;
const MIN_ENCODED_LENGTH = 8;

/**
 * Finds the exact values of secrets that the gateway holds, also in the forms in which they travel: percent-encoded, inside JSON, in hexadecimal, and in base64 by itself or inside something longer.
 *
 * @param values Called for every text; compiled again only when the values are others. A list that was given must not be changed afterwards: the same
 *   list means the same values.
 */
export function createKnownSecretFinder(values: () => readonly string[]): (text: string) => Span[] {
  let compiledFrom: readonly string[] = [];
  let given = compiledFrom;
  let finder = new LiteralFinder([]);
  return (text) => {
    const current = values();
    if (current !== given && !isSame(current, compiledFrom)) {
      compiledFrom = [...current];
      finder = new LiteralFinder(current.flatMap(formsOf));
    }
    given = current;
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
    forms.push(...base64Forms(value), Buffer.from(value).toString('hex'));
  }
  return forms;
}

/**
 * What is the same in every base64 text that has the value in it, for each of the three places where it can begin within a group; the characters at
 * the ends, which depend on the neighbours, are left out.
 */
function base64Forms(value: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    const from = before === 0 ? 0 : before + 1;
    return [whole.toString('base64').slice(from), whole.toString('base64url').slice(from)];
  });
}
