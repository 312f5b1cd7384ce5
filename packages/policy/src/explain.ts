import { decide } from './decide.ts';
import type { Participant } from './decide-roles.ts';
import type { Action, Decision, Effect, Facts, RuleSource } from './decision.ts';
import { matchRule } from './match-rule.ts';
import type { PolicySet } from './policy-set.ts';
import type { Principal } from './principal.ts';

/** One rule of one participant, and what it says of the call. */
export interface ConsideredRule {
  /** Id of the principal or of the delegator whose role holds the rule. */
  readonly participant: string;
  readonly role: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly patterns: readonly string[];
  readonly source: RuleSource;
  /** Whether the rule applies to the call; true as well for a deny or ask rule that applies because the arguments cannot be judged. */
  readonly matched: boolean;
  readonly why: string;
}

/** What a delegator passed on. */
export interface ConsideredScope {
  readonly participant: string;
  readonly patterns: readonly string[];
  readonly matched: boolean;
}

export interface Explanation {
  /** The same that `decide` gives. */
  readonly decision: Decision;
  /** Every rule of every role of every participant, principal first, then delegators from the root; per role deny, ask, allow. */
  readonly considered: readonly ConsideredRule[];
  /** One per grant, root first. */
  readonly scopes: readonly ConsideredScope[];
  readonly unknownRoles: readonly string[];
}

/**
 * Decides like `decide` and shows every rule looked at, also those past the deciding one.
 *
 * For people: it looks at whole roles and costs accordingly. Never throws; where `decide` fails inside, the lists are empty.
 */
export function explain(
  policySet: PolicySet,
  principal: Principal,
  action: Action,
  facts: Facts,
): Explanation {
  const decision = decide(policySet, principal, action, facts);
  try {
    const grants = principal.delegation?.grants ?? [];
    const participants = [principal, ...grants.map(({ delegator, roles }) => ({ id: delegator, roles }))];
    return {
      decision,
      considered: participants.flatMap((participant) => consider(policySet, participant, action, facts)),
      scopes: grants.map(({ delegator, scope }) => ({
        participant: delegator,
        patterns: scope.patterns,
        matched: scope.matches(action),
      })),
      unknownRoles: [...new Set(participants.flatMap(({ roles }) => roles))].filter(
        (role) => policySet.role(role) === undefined,
      ),
    };
  } catch {
    // Only what makes `decide` fail as well gets here, and its decision says so.
    return { decision, considered: [], scopes: [], unknownRoles: [] };
  }
}

function consider(
  policySet: PolicySet,
  { id, roles }: Participant,
  action: Action,
  facts: Facts,
): readonly ConsideredRule[] {
  const rules = roles.flatMap((name) => policySet.role(name)?.rules ?? []);
  return rules.map((rule) => {
    const { matched, why } = matchRule(rule, action, facts);
    return {
      participant: id,
      role: rule.role,
      rule: rule.id,
      effect: rule.effect,
      patterns: rule.patterns.patterns,
      source: rule.source,
      matched: matched === 'yes' || (matched === 'unsure' && rule.effect !== 'allow'),
      why,
    };
  });
}
