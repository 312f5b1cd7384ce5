import type { JsonObject } from '@smcp/protocol';
import { BOUNDS } from './schema/bounds.ts';
import { printType } from './schema/print-type.ts';
import { readSchema } from './schema/read-schema.ts';
import { ANY, isShort, UNKNOWN } from './schema/type-node.ts';

export interface SchemaTypeOptions {
  /**
   * What the schema describes. Arguments are always an object, and what it leaves open is `unknown`; in a result that is `any`, so that a script can use what
   * it finds there.
   */
  readonly of: 'arguments' | 'result';
  /** Name of the type; used when the schema refers to itself. */
  readonly name: string;
  /** Gives a free name for a part of the schema that has to be named, from a word such as `Node`. */
  readonly nameFor: (hint: string) => string;
  /** Blanks before every line but the first. */
  readonly indent: string;
  /** Characters of the description of a property. */
  readonly maxCommentChars: number;
}

/** A JSON Schema in TypeScript. */
export interface SchemaType {
  readonly text: string;
  /** Whether one of the texts uses the name of the whole. */
  readonly isNamed: boolean;
  /** Types that the text uses, and that must be declared beside it. */
  readonly parts: readonly { readonly name: string; readonly text: string }[];
}

/**
 * Says in TypeScript what a JSON Schema describes.
 *
 * Never throws, whatever the schema: it is a server's words, and nothing in it can become anything but types, literals and comments. Takes time in proportion to
 * {@link BOUNDS} at most.
 */
export function schemaType(schema: JsonObject, options: SchemaTypeOptions): SchemaType {
  const [whole, ...others] = readSchema(schema, {
    name: options.name,
    nameFor: options.nameFor,
    open: options.of === 'result' ? ANY : UNKNOWN,
    isArguments: options.of === 'arguments',
    maxCommentChars: Math.min(options.maxCommentChars, BOUNDS.commentChars),
  });
  const parts = others.filter((part) => part.referenced && !isShort(part.body));
  for (const comments of [true, false]) {
    const print = { indent: options.indent, comments };
    const text = whole === undefined ? 'unknown' : printType(whole.body, print);
    const told = parts.map((part) => ({ name: part.name, text: printType(part.body, print) }));
    const length = told.reduce((sum, part) => sum + part.text.length, text.length);
    if (length <= BOUNDS.textChars) return { text, isNamed: whole?.referenced ?? false, parts: told };
  }
  return { text: options.of === 'result' ? 'any' : 'Record<string, unknown>', isNamed: false, parts: [] };
}
