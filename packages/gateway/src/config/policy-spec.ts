import type { PolicySpec, RuleSpec } from '@smcp/policy';
import { patternsOf } from './checks/role-rules.ts';
import { child, entriesOf, ifText, itemsOf, toValue, type ConfigNode } from './config-node.ts';
import type { ConfigSource } from './git-source.ts';

/** The roles of a checked file, each rule with the line that it stands in. */
export function toPolicySpec(root: ConfigNode, source: ConfigSource): PolicySpec {
  const roles = entriesOf(child(root, 'roles')).map(([name, role]) => ({
    name,
    line: (role.keyAt ?? role.at).line,
    allow: itemsOf(child(role, 'allow')).map(toRule),
    deny: itemsOf(child(role, 'deny')).map(toRule),
    ask: itemsOf(child(role, 'ask')).map(toRule),
  }));
  return { roles, source };
}

function toRule(node: ConfigNode): RuleSpec {
  const patterns = patternsOf(node).map((pattern) => ifText(pattern) ?? '');
  const schemas = entriesOf(child(node, 'arguments')).map(
    ([name, schema]) => [name, toValue(schema)] as const,
  );
  return {
    patterns,
    ...(schemas.length === 0 ? {} : { arguments: Object.fromEntries(schemas) }),
    line: node.at.line,
  };
}
