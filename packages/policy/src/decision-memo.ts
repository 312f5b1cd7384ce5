import { decide } from './decide.ts';
import type { Action, Decision, Facts } from './decision.ts';
import { mayReach } from './may-reach.ts';
import type { PolicySet } from './policy-set.ts';
import type { Principal } from './principal.ts';

/** Decisions kept for one principal. Names are chosen by callers, so the table is emptied when it is full. */
const MAX_PER_PRINCIPAL = 2000;
/** Longer names are decided anew each time, so that a table stays small. */
const MAX_KEPT_LENGTH = 256;

interface Known {
  readonly decisions: Map<string, Decision>;
  readonly reach: Map<string, boolean>;
}

/**
 * Decides like `decide` and `mayReach` with one policy set, and remembers what does not depend on arguments.
 *
 * A decision is kept only when no constraint looked at the facts, so what is remembered is what `decide` would say again. Principals are told apart as
 * objects: a principal whose roles change is another object. Nothing is kept longer than its principal or this memo; a new policy set takes a new memo.
 */
export class DecisionMemo {
  readonly policySet: PolicySet;
  readonly #known = new WeakMap<Principal, Known>();

  constructor(policySet: PolicySet) {
    this.policySet = policySet;
  }

  decide(principal: Principal, action: Action, facts: Facts): Decision {
    const { decisions } = this.#of(principal);
    // With the length of the first part, so that no two pairs of names make one key.
    const key = `${action.kind} ${action.server.length} ${action.server}${action.name}`;
    const known = decisions.get(key);
    if (known !== undefined) return known;
    const watched = new WatchedFacts(facts);
    const decision = decide(this.policySet, principal, action, watched);
    if (!watched.wereRead && key.length <= MAX_KEPT_LENGTH) {
      if (decisions.size >= MAX_PER_PRINCIPAL) decisions.clear();
      decisions.set(key, decision);
    }
    return decision;
  }

  mayReach(principal: Principal, server: string): boolean {
    const { reach } = this.#of(principal);
    const known = reach.get(server);
    if (known !== undefined) return known;
    const reaches = mayReach(this.policySet, principal, server);
    if (server.length <= MAX_KEPT_LENGTH) {
      if (reach.size >= MAX_PER_PRINCIPAL) reach.clear();
      reach.set(server, reaches);
    }
    return reaches;
  }

  #of(principal: Principal): Known {
    const known = this.#known.get(principal);
    if (known !== undefined) return known;
    const made = { decisions: new Map<string, Decision>(), reach: new Map<string, boolean>() };
    this.#known.set(principal, made);
    return made;
  }
}

/** Facts that tell whether anything was decided by them. */
class WatchedFacts implements Facts {
  wereRead = false;
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  get arguments(): unknown {
    this.wereRead = true;
    return this.#facts.arguments;
  }

  get exactNumbers(): boolean {
    this.wereRead = true;
    return this.#facts.exactNumbers ?? true;
  }
}
