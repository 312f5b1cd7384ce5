import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { isList } from '../canonical-json.ts';
import { withMember, type AcceptRule } from './accept-rule.ts';
import { ifPlainName } from './plain-name.ts';
import { isPlainSchema, type PlainSchemaRules } from './plain-schema.ts';

const MAX_WORDS = 3;

/** Words that ask for more than the call needs, or that switch off a safeguard. */
const ALARMING: ReadonlySet<string> = new Set(
  `admin all allow always approve auth bypass chat command confirm context conversation credential credentials delete disable
  dry env environment execute file files force history ignore key keys memory message messages model never no override overwrite password
  path permanent permission private prompt recursive root run safe safety secret secrets session silent skip ssh sudo system token tokens
  tool tools unsafe user verify without`.split(/\s+/),
);

const RULES: PlainSchemaRules = {
  // Text, and what may hold it, could carry anything out.
  types: new Set(['boolean', 'integer', 'number']),
  isName: isHarmlessName,
  maxDepth: 1,
  maxProperties: 0,
};

/** Parameters that need not be given: a number or a yes or no, with a plain name and no word of explanation. */
export const newOptionalParameter: AcceptRule = (pinned, seen) => {
  const [before, after] = [pinned['inputSchema'], seen['inputSchema']];
  if (!isJsonObject(before) || !isJsonObject(after)) {
    return seen;
  }
  const [known = {}, now] = [before['properties'], after['properties']];
  if (!isJsonObject(known) || !isJsonObject(now)) {
    return seen;
  }
  const required = isList(after['required']) ? after['required'] : [];
  const isAdded = (name: string): boolean =>
    !Object.hasOwn(known, name) && !required.includes(name) && isHarmlessName(name) && isHarmless(now[name]);
  const left = Object.fromEntries(Object.entries(now).filter(([name]) => !isAdded(name)));
  const isGone = Object.keys(left).length === 0 && before['properties'] === undefined;
  return withMember(seen, 'inputSchema', withMember(after, 'properties', isGone ? undefined : left));
};

function isHarmless(schema: JsonObject[string] | undefined): boolean {
  return isPlainSchema(schema, RULES) && schema['type'] !== undefined;
}

function isHarmlessName(name: string): boolean {
  return ifPlainName(name, MAX_WORDS)?.every((word) => !ALARMING.has(word)) ?? false;
}
