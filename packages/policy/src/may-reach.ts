import type { PolicySet } from './policy-set.ts';
import type { Principal } from './principal.ts';

/**
 * Whether a principal may do anything at all at a server, as far as that can be told without knowing its tools. Never false when some call could be
 * allowed; for a server where it is false, nothing needs to be started, listed or named to this principal.
 */
export function mayReach(policySet: PolicySet, principal: Principal, server: string): boolean {
  const grants = principal.delegation?.grants ?? [];
  return (
    rolesReach(policySet, principal.roles, server) &&
    grants.every(({ roles, scope }) => scope.reaches(server) && rolesReach(policySet, roles, server))
  );
}

function rolesReach(policySet: PolicySet, roles: readonly string[], server: string): boolean {
  const rules = roles.flatMap((name) => policySet.role(name)?.rulesFor(server) ?? []);
  const isClosed = rules.some(({ deny }) =>
    deny.some(({ patterns, constraint }) => constraint === null && patterns.coversServer(server)),
  );
  return (
    !isClosed &&
    rules.some(({ allow, ask }) => [...allow, ...ask].some(({ patterns }) => patterns.reaches(server)))
  );
}
