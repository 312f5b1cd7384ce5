import type { JsonObject } from '@smcp/protocol';
import type { ToolDefinition } from '../../src/tool-host.ts';

/** Texts that try to leave the place in which they are told. Each would declare `PWNED`, end a comment, or direct the compiler. */
export const BREAKOUTS: readonly string[] = [
  '*/ declare const PWNED: 1; /*',
  '*\u200b/ declare const PWNED: 1; /*',
  '*\\/ declare const PWNED: 1; /*',
  "'; declare const PWNED: 1; //",
  "\\'; declare const PWNED: 1; //",
  '"; declare const PWNED: 1; //',
  '`; declare const PWNED: 1; `',
  '${PWNED}',
  '```\ndeclare const PWNED: 1;\n```',
  '\ndeclare const PWNED: 1;\n',
  '\r\ndeclare const PWNED: 1;',
  '\u2028declare const PWNED: 1;\u2029',
  '\u0085declare const PWNED: 1;',
  '@ts-ignore',
  '// @ts-ignore',
  '\n@ts-expect-error',
  '@ts-nocheck',
  '/// <reference path="/etc/passwd" />',
  '/// <reference types="node" />',
  '//# sourceMappingURL=https://evil.example/x',
  '}; declare global { const PWNED: 1 } type X = {',
  '} } declare const PWNED: 1; declare namespace y { interface Z {',
  "a: string }; import('fs'); type B = { b",
  '\u202e;1 :DENWP tsnoc eralced\u202c',
  '\ud800',
  '\u{e0001}\u{e0064}\u{e0065}',
  '<!-- PWNED -->',
  '-->',
  '\0',
  '\\u002a\\u002f declare const PWNED: 1;',
  '#!/bin/sh',
  '__proto__',
  '*',
  '/',
  '\\',
  '*/',
];

/** A tool that has one text in every place that is told. */
export function hostileTool(text: string, index: number): ToolDefinition {
  const schema: JsonObject = {
    type: 'object',
    title: text,
    description: text,
    tsType: text,
    properties: {
      a: { type: 'string', description: text, default: text, format: text, pattern: text, enum: [text, 'x'] },
      b: { const: text, title: text },
      c: { type: text },
      d: { $ref: `#/$defs/${text}` },
      e: { $ref: text, $anchor: text, $id: text },
      f: {
        type: 'object',
        patternProperties: { [text]: { description: text } },
        propertyNames: { enum: [text] },
      },
      g: { type: 'array', default: [text, text], items: { type: 'string', examples: [text] } },
      [text]: { type: 'string', description: text },
    },
    required: [text],
    $defs: { [text]: { type: 'object', description: text, properties: { [text]: { enum: [text] } } } },
  };
  return {
    name: `${text}${index}`,
    title: text,
    description: text,
    inputSchema: schema,
    outputSchema: schema,
  };
}
