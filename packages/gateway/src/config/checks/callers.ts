import { child, entriesOf, ifText, itemsOf, quote, type ConfigNode } from '../config-node.ts';
import type { ProblemList } from '../problems.ts';
import { didYouMean } from '../wording.ts';
import type { Check } from './check.ts';

const MIN_CREDENTIAL_CHARS = 24;

/** Keys and agents can be told apart, log in, and have roles that exist. */
export const checkCallers: Check = (root, problems, facts) => {
  const keys = itemsOf(child(root, 'api_keys'));
  const agents = itemsOf(child(root, 'agents'));
  checkNames(keys, problems);
  checkNames(agents, problems);
  checkCredentials(keys, agents, problems);
  for (const caller of [...keys, ...agents]) {
    checkRoles(caller, root, problems);
    checkExpiry(child(caller, 'expires'), problems, facts.now);
  }
  for (const agent of agents) checkDelegators(agent, keys, agents, problems);
};

function checkNames(callers: readonly ConfigNode[], problems: ProblemList): void {
  const lines = new Map<string, number>();
  for (const caller of callers) {
    const node = child(caller, 'name');
    const name = ifText(node);
    if (node === undefined || name === undefined) continue;
    const line = lines.get(name);
    if (line === undefined) lines.set(name, node.at.line);
    else problems.error(node, 'duplicate', `The name ${quote(name)} was already given in line ${line}`);
  }
}

function checkCredentials(
  keys: readonly ConfigNode[],
  agents: readonly ConfigNode[],
  problems: ProblemList,
): void {
  const lines = new Map<string, number>();
  const credentials = [
    ...keys.map((key) => ({ node: child(key, 'key'), prefix: 'smcp_key_', command: 'smcp keys create' })),
    ...agents.map((agent) => ({
      node: child(agent, 'token'),
      prefix: 'smcp_agent_',
      command: 'smcp agents create',
    })),
  ];
  for (const { node, prefix, command } of credentials) {
    const text = ifText(node);
    if (node === undefined || text === undefined) continue;
    const line = lines.get(text);
    if (line !== undefined)
      problems.error(node, 'duplicate', `The same credential was already given in line ${line}`);
    lines.set(text, line ?? node.at.line);
    // RFC 6750 section 2.1: what can follow "Bearer ".
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(text)) {
      problems.error(
        node,
        'wrong-value',
        'A credential is made of letters, digits and . _ ~ + / - only',
        `"${command}" makes good ones`,
      );
    } else if (!text.startsWith(prefix)) {
      problems.warn(
        node,
        'weak-credential',
        `Expected a credential that starts with "${prefix}"`,
        `"${command}" makes good ones`,
      );
    } else if (text.length < MIN_CREDENTIAL_CHARS) {
      problems.warn(
        node,
        'weak-credential',
        `Shorter than ${MIN_CREDENTIAL_CHARS} characters`,
        `"${command}" makes good ones`,
      );
    }
  }
}

function checkRoles(caller: ConfigNode, root: ConfigNode, problems: ProblemList): void {
  if (caller.kind !== 'map') return;
  const role = child(caller, 'role');
  const roles = child(caller, 'roles');
  if (role !== undefined && roles !== undefined) {
    problems.keyError(roles, 'conflict', 'Expected either "role" or "roles", found both');
  }
  const given = [...(role === undefined ? [] : [role]), ...itemsOf(roles)];
  if (role === undefined && (roles === undefined || (roles.kind === 'list' && given.length === 0))) {
    problems.warn(caller, 'no-effect', 'Without a role it can call nothing');
  }
  const known = entriesOf(child(root, 'roles')).map(([name]) => name);
  const seen = new Set<string>();
  for (const node of given) {
    const name = ifText(node);
    if (name === undefined) continue;
    if (seen.has(name)) problems.warn(node, 'no-effect', 'This role was already given');
    seen.add(name);
    if (!known.includes(name)) {
      problems.error(node, 'role-unknown', `There is no role ${quote(name)}`, didYouMean(name, known));
    }
  }
}

function checkExpiry(node: ConfigNode | undefined, problems: ProblemList, now: number): void {
  const expires = Date.parse(ifText(node) ?? '');
  if (node === undefined || Number.isNaN(expires) || expires > now) return;
  problems.warn(node, 'expired', 'This moment has passed, so the credential is refused');
}

function checkDelegators(
  agent: ConfigNode,
  keys: readonly ConfigNode[],
  agents: readonly ConfigNode[],
  problems: ProblemList,
): void {
  const list = child(agent, 'allowed_delegators');
  const delegators = itemsOf(list);
  const depth = child(agent, 'max_delegation_depth');
  if (
    list !== undefined &&
    delegators.length > 0 &&
    (depth === undefined || (depth.kind === 'scalar' && depth.value === 0))
  ) {
    problems.warn(list, 'no-effect', 'Without effect while "max_delegation_depth" is 0');
  }
  const ids = [
    ...keys.map((key) => `key:${ifText(child(key, 'name'))}`),
    ...agents.map((other) => `agent:${ifText(child(other, 'name'))}`),
  ];
  for (const node of delegators) {
    const id = ifText(node);
    // Users and other kinds are never in this file.
    if (id === undefined || /^(?!key:|agent:)[a-z]+:./.test(id) || ids.includes(id)) continue;
    const sameName = ids.find((known) => known.endsWith(`:${id}`));
    const hint = sameName === undefined ? didYouMean(id, ids) : `did you mean ${quote(sameName)}?`;
    problems.warn(node, 'principal-unknown', `No key or agent in this file is called ${quote(id)}`, hint);
  }
}
