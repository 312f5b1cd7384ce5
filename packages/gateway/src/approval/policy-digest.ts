import type { PolicySpec, RoleSpec, RuleSpec } from '@smcp/policy';
import type { JsonObject, JsonValue } from '@smcp/protocol';
import { canonicalDigest } from './canonical-digest.ts';

const DOMAIN = 'smcp/approval/policy/v1';

/**
 * The identity of a policy for approvals: changes with any rule, and not with the place of a rule in its file or with a commit that leaves the rules alone.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function digestOfPolicy({ roles }: Pick<PolicySpec, 'roles'>): string {
  return canonicalDigest(DOMAIN, roles.map(roleValue));
}

function roleValue({ name, allow, deny, ask = [] }: RoleSpec): JsonObject {
  return { name, allow: allow.map(ruleValue), deny: deny.map(ruleValue), ask: ask.map(ruleValue) };
}

function ruleValue({ patterns, arguments: schemas }: RuleSpec): JsonObject {
  // The schemas came out of a YAML or JSON reader.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- RuleSpec types them as unknown
  return { patterns, arguments: (schemas ?? {}) as Readonly<Record<string, JsonValue>> };
}
