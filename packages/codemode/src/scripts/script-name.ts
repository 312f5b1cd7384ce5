import { quoted, scriptInvalid } from './script-invalid.ts';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Names that would stand for something else once they are methods of a namespace, in snake or camel case: a namespace with `then` would be taken for a
 * promise, one with `to_json` would print as it likes.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'args',
  'call',
  'call_tool',
  'constructor',
  'has_own_property',
  'is_prototype_of',
  'prototype',
  'property_is_enumerable',
  'raw',
  'runtime',
  'servers',
  'then',
  'to_json',
  'to_locale_string',
  'to_string',
  'value_of',
]);

const RESERVED_PREFIXES = ['smcp_', 'mcp_'];

/** @throws {CodeModeError} `SCRIPT_INVALID` */
export function readScriptName(name: unknown): string {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw scriptInvalid(
      `"name" is ${quoted(name)}, but takes 1 to 64 lower-case letters, digits and underscores, the first a letter, such as "count_open_issues"`,
    );
  }
  const prefix = RESERVED_PREFIXES.find((each) => name.startsWith(each));
  if (RESERVED.has(name) || prefix !== undefined) {
    const why = prefix === undefined ? 'is reserved' : `starts with "${prefix}", which is reserved`;
    throw scriptInvalid(`"name" ${quoted(name)} ${why}; choose another`);
  }
  return name;
}
