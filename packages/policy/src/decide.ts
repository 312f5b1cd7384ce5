import type { Action, Decision, Facts } from './decision.ts';
import { decideRoles, shownAction } from './decide-roles.ts';
import type { PolicySet } from './policy-set.ts';
import type { Principal } from './principal.ts';
import { ifPlainUri } from './resource-uri.ts';
import { shown } from './shown.ts';

/** Longer names are denied unseen, so that matching them costs nothing. */
const MAX_NAME_LENGTH = 8192;

/**
 * Decides whether a principal may do something.
 *
 * Total, pure and synchronous. Over all roles of a participant, deny beats ask, ask beats allow, and nothing matching is deny. With a delegation, every
 * delegator must be allowed as well and its grant's scope must cover the action: a chain only ever takes away. A constraint that cannot be judged
 * safely counts against the call. Of a resource, what is denied in its plain writing is denied in every other (`%73ecret`, `FILE:`), and a URI with a segment
 * `.` or `..` is denied.
 *
 * Does not check that the server or tool exists, nor that the principal is still valid.
 *
 * @returns A frozen decision. The deciding rule is that of the first participant that refuses (the principal, then delegators from the root), else of
 *   the first that asks, else of the principal. A failure inside is a deny without rule.
 */
export function decide(policySet: PolicySet, principal: Principal, action: Action, facts: Facts): Decision {
  try {
    const decision = decideAll(policySet, principal, action, facts);
    return action.kind === 'resource' && decision.effect !== 'deny'
      ? (ifPlainDenied(policySet, principal, action, facts) ?? decision)
      : decision;
  } catch {
    // Whatever went wrong, the call has not been allowed. The error may quote arguments and is not passed on.
    return toDecision({ effect: 'deny', rule: null, source: null, reasons: ['Deciding failed'] });
  }
}

function decideAll(policySet: PolicySet, principal: Principal, action: Action, facts: Facts): Decision {
  if (action.name.length > MAX_NAME_LENGTH || action.server.length > MAX_NAME_LENGTH) {
    const reasons = [`The name has more than ${MAX_NAME_LENGTH} characters`];
    return toDecision({ effect: 'deny', rule: null, source: null, reasons });
  }
  const own = decideRoles(policySet, principal, action, facts);
  if (own.effect === 'deny' || principal.delegation === undefined) return toDecision(own);

  let ask = own.effect === 'ask' ? own : undefined;
  const reasons = [...own.reasons];
  for (const { delegator, roles, scope } of principal.delegation.grants) {
    if (!scope.matches(action)) {
      const reason = `The delegation of ${shown(delegator)} does not cover ${shownAction(action)}`;
      return toDecision({ effect: 'deny', rule: null, source: null, reasons: [reason] });
    }
    const ruling = decideRoles(policySet, { id: delegator, roles }, action, facts);
    if (ruling.effect === 'deny') return toDecision(ruling);
    if (ruling.effect === 'ask') ask ??= ruling;
    reasons.push(...ruling.reasons);
  }
  return toDecision(ask ?? { ...own, reasons });
}

/** A server may read a URI otherwise than a pattern does; what a rule denies must not be had by writing it in another way. */
function ifPlainDenied(
  policySet: PolicySet,
  principal: Principal,
  action: Action,
  facts: Facts,
): Decision | undefined {
  const name = ifPlainUri(action.name);
  if (name === action.name) return undefined;
  if (name === undefined) {
    const reasons = [`The URI of ${shownAction(action)} leaves the place that its beginning names`];
    return toDecision({ effect: 'deny', rule: null, source: null, reasons });
  }
  const plain = decideAll(policySet, principal, { ...action, name }, facts);
  return plain.effect === 'deny' && plain.rule !== null ? plain : undefined;
}

function toDecision({ effect, rule, source, reasons }: Decision): Decision {
  return Object.freeze({ effect, rule, source, reasons: Object.freeze(reasons) });
}
