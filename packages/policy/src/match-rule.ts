import type { Action, Facts } from './decision.ts';
import type { PolicyRule } from './policy-set.ts';

/**
 * Whether a rule speaks of a call. `unsure`: it might, but its arguments cannot be judged safely; a deny rule then applies, an ask rule applies to what
 * would be allowed, an allow rule does not.
 */
export interface Match {
  readonly matched: 'yes' | 'no' | 'unsure';
  readonly why: string;
  /** True when the patterns cover the action, whatever the constraint says. */
  readonly covered: boolean;
}

const NOT_COVERED: Match = Object.freeze({ matched: 'no', why: 'no pattern covers it', covered: false });
const COVERED: Match = Object.freeze({ matched: 'yes', why: 'a pattern covers it', covered: true });

const MATCHED = { satisfied: 'yes', unsatisfied: 'no', unsure: 'unsure' } as const;

export function matchRule({ patterns, constraint, effect }: PolicyRule, action: Action, facts: Facts): Match {
  if (!patterns.matches(action)) return NOT_COVERED;
  if (constraint === null) return COVERED;
  const { outcome, why } = constraint.judge(facts);
  if (outcome !== 'listing') return { matched: MATCHED[outcome], why, covered: true };
  // What some arguments would allow is shown; what only some arguments would deny is not hidden.
  return { matched: effect === 'deny' ? 'no' : 'yes', why, covered: true };
}
