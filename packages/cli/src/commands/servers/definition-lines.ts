import { isJsonObject } from '@smcp/protocol';
import { printableJson } from '../../output/printable.ts';

/** What `printable` leaves and what still cannot be seen, or looks like a blank that it is not: joiners, selectors, fillers, other spaces. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\u2800|(?! )\p{Zs}/gu;

/**
 * A definition as lines to compare: JSON with its keys in order, where a text with line breaks goes on in lines of its own, and where every character that
 * cannot be seen is spelt out. No line has a control character.
 */
export function definitionLines(definition: unknown): readonly string[] {
  const text = printableJson(sorted(definition), 2).replaceAll(INVISIBLE, spelled);
  return text.split('\n').flatMap((line) => {
    const indent = `${/^ */.exec(line)?.[0] ?? ''}  `;
    return line
      .replaceAll(/\\(.)/g, (escape, char: string) => (char === 'n' ? `\\n\n${indent}` : escape))
      .split('\n');
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

function spelled(char: string): string {
  return Array.from(
    { length: char.length },
    (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
