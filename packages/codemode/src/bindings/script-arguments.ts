import type { JsonObject } from '@smcp/protocol';
import type { DeclarationOptions } from './declarations.ts';
import { freeName } from './identifier.ts';
import { schemaType } from './schema-type.ts';

/** Declares the global `args` of a saved script from the schema of its arguments, and their type as `args.Args`. */
export function declareScriptArguments(inputSchema: JsonObject, options: DeclarationOptions): string {
  const taken = new Set(['Args', 'Record']);
  const { text, parts } = schemaType(inputSchema, {
    of: 'arguments',
    name: 'Args',
    nameFor: (hint) => freeName(hint, taken),
    indent: '  ',
    maxCommentChars: options.maxDescriptionChars,
  });
  const types = [{ name: 'Args', text }, ...parts].map((type) => `  type ${type.name} = ${type.text};\n`);
  return `declare namespace args {\n${types.join('')}}\ndeclare const args: args.Args;\n`;
}
