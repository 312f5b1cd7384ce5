import type { Span } from './token-patterns.ts';

/** A shorter secret would black out half of every record and is no secret worth the name. */
const MIN_LENGTH = 4;
const MIN_ENCODED_LENGTH = 8;

/**
 * Finds the exact values of secrets that the gateway holds, also in the forms in which they travel: percent-encoded, inside JSON, in base64.
 *
 * @param values Called for every text; the result is compiled again only when it is another array.
 */
export function createKnownSecretFinder(values: () => readonly string[]): (text: string) => readonly Span[] {
  let compiledFrom: readonly string[] | undefined;
  let expression: RegExp | undefined;
  return (text) => {
    const current = values();
    if (current !== compiledFrom) {
      compiledFrom = current;
      expression = compile(current);
    }
    if (expression === undefined) return [];
    return Array.from(text.matchAll(expression), ({ 0: { length }, index }) => ({
      start: index,
      end: index + length,
    }));
  };
}

function compile(values: readonly string[]): RegExp | undefined {
  const forms = new Set(values.flatMap(formsOf));
  if (forms.size === 0) return undefined;
  // Longest first, so that a secret that begins like another one is replaced whole.
  const ordered = [...forms].sort((one, other) => other.length - one.length);
  return new RegExp(ordered.map((form) => escapeExpression(form)).join('|'), 'g');
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

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
