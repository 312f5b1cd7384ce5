import { withMember, type AcceptRule } from './accept-rule.ts';
import { ifPlainName } from './plain-name.ts';
import { isPlainSchema, type PlainSchemaRules } from './plain-schema.ts';

const MAX_WORDS = 4;

/** Words of which orders are made. */
const ORDERING: ReadonlySet<string> = new Set(
  `always before bypass call disregard execute first forget forward hide ignore important instead instruction instructions must never
  override previous prompt read rule rules run secret secretly send silently system tell then you your`.split(
    /\s+/,
  ),
);

const RULES: PlainSchemaRules = {
  types: new Set(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']),
  isName: (name) => ifPlainName(name, MAX_WORDS)?.every((word) => !ORDERING.has(word)) ?? false,
  maxDepth: 8,
  maxProperties: 64,
};

/** A description of the result where there was none, made of types and plain names alone. */
export const outputSchemaAdded: AcceptRule = (pinned, seen) =>
  pinned['outputSchema'] === undefined && isPlainSchema(seen['outputSchema'], RULES)
    ? withMember(seen, 'outputSchema', undefined)
    : seen;
