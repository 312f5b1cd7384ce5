import type { Effect } from '@smcp/policy';
import { ADDED_PREFIX, CODE_SERVER, SCRIPTS_SERVER } from '../../builtin/names.ts';
import { child, entriesOf, ifText, itemsOf, quote, type ConfigNode } from '../config-node.ts';
import type { ProblemList } from '../problems.ts';
import { didYouMean } from '../wording.ts';
import type { Check } from './check.ts';

const EFFECTS = ['allow', 'deny', 'ask'] as const satisfies readonly Effect[];

/** Rules speak of servers that exist, and say something about arguments. */
export const checkRoleRules: Check = (root, problems) => {
  const servers = entriesOf(child(root, 'servers')).map(([name]) => name);
  for (const [, role] of entriesOf(child(root, 'roles'))) {
    for (const rule of EFFECTS.flatMap((effect) => itemsOf(child(role, effect)))) {
      for (const pattern of patternsOf(rule)) checkServerPart(pattern, servers, problems);
      for (const [name, schema] of entriesOf(child(rule, 'arguments'))) {
        const isSchema =
          schema.kind === 'map' || (schema.kind === 'scalar' && typeof schema.value === 'boolean');
        if (!isSchema) {
          problems.error(
            schema,
            'wrong-type',
            `Expected a JSON Schema for the argument ${quote(name)}`,
            'such as {const: main}',
          );
        }
      }
    }
  }
};

/** The nodes that hold the globs of one rule. */
export function patternsOf(rule: ConfigNode): readonly ConfigNode[] {
  if (rule.kind === 'scalar') return [rule];
  const tool = child(rule, 'tool');
  if (tool === undefined) return [];
  return tool.kind === 'list' ? tool.items : [tool];
}

function checkServerPart(node: ConfigNode, servers: readonly string[], problems: ProblemList): void {
  const pattern = ifText(node);
  const colon = pattern?.indexOf(':') ?? -1;
  if (pattern === undefined || colon < 1) return;
  const server = pattern.slice(0, colon);
  if (server.includes('*') || servers.includes(server) || isOwn(server)) return;
  problems.warn(node, 'server-unknown', `There is no server ${quote(server)}`, didYouMean(server, servers));
}

/** Tools of the gateway itself, and servers that scripts may add. Where code mode is off such a rule waits for it, as for `smcp stdio`. */
function isOwn(server: string): boolean {
  return server === CODE_SERVER || server === SCRIPTS_SERVER || server.startsWith(ADDED_PREFIX);
}
