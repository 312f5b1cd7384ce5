import type { PolicyRole, PolicySet } from '../policy-set.ts';
import { shown } from '../shown.ts';
import { onRole, onUnknownRole, type LintContext, type LintFinding } from './finding.ts';
import { lintReach } from './reach.ts';
import { grantsSomething, lintShadows } from './shadow.ts';

/**
 * Looks for places in a policy that do not do what their author probably meant.
 *
 * Each role is judged by itself: that a deny of another role takes everything away depends on who has both. Says nothing about argument schemas beyond
 * what `compilePolicy` refuses.
 *
 * @returns Findings by role as written, then by rule; roles that are used but not defined come last. Empty when there is nothing to say.
 */
export function lint(policySet: PolicySet, context: LintContext): readonly LintFinding[] {
  const inUse = new Set(context.rolesInUse);
  const roles = policySet.roleNames.flatMap((name) => policySet.role(name) ?? []);
  const unknown = [...inUse].filter((name) => policySet.role(name) === undefined);
  return [
    ...roles.flatMap((role) => [
      ...lintRole(role, inUse),
      ...role.rules.flatMap((rule) => lintReach(rule, context)),
      ...lintShadows(role),
    ]),
    ...unknown.map((name) =>
      onUnknownRole(policySet, name, {
        code: 'role-unknown',
        severity: 'error',
        message: `Role ${shown(name)} is used but not defined, so it grants nothing`,
      }),
    ),
  ];
}

function lintRole(role: PolicyRole, inUse: ReadonlySet<string>): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  if (!inUse.has(role.name)) {
    const message = `Role ${shown(role.name)} is not used by anyone`;
    findings.push(onRole(role, { code: 'role-unused', severity: 'warning', message }));
  }
  if (!grantsSomething(role)) {
    const message = `Role ${shown(role.name)} grants nothing by itself`;
    findings.push(onRole(role, { code: 'role-grants-nothing', severity: 'warning', message }));
  }
  return findings;
}
