import type { Action, Decision, Facts } from './decision.ts';
import { matchRule } from './match-rule.ts';
import type { PolicyRule, PolicySet } from './policy-set.ts';
import { shown } from './shown.ts';

/** Whoever has to be allowed: the principal, or one of its delegators. */
export interface Participant {
  readonly id: string;
  readonly roles: readonly string[];
}

const MAX_NOTES = 4;
const VERBS = { allow: 'allows', deny: 'denies', ask: 'asks before' } as const;

/** Decides for one participant by itself: deny over ask over allow over default deny, across all its roles. */
export function decideRoles(
  policySet: PolicySet,
  participant: Participant,
  action: Action,
  facts: Facts,
): Decision {
  const notes: string[] = [];
  const note = (text: string): void => {
    if (notes.length < MAX_NOTES) notes.push(text);
  };
  const decideBy = (rule: PolicyRule, doubt?: string): Decision => {
    const because = doubt === undefined ? '' : `, because ${doubt}`;
    const verb = VERBS[rule.effect];
    const reason = `${shown(rule.id)} ${verb} ${shownAction(action)} for ${shown(participant.id)}${because}`;
    return { effect: rule.effect, rule: rule.id, source: rule.source, reasons: [reason, ...notes] };
  };

  const ask: PolicyRule[] = [];
  const allow: PolicyRule[] = [];
  for (const name of participant.roles) {
    const rules = policySet.role(name)?.rulesFor(action.server);
    if (rules === undefined) {
      note(`The role ${shown(name)} is not defined`);
      continue;
    }
    for (const rule of rules.deny) {
      const { matched, why } = matchRule(rule, action, facts);
      if (matched !== 'no') return decideBy(rule, matched === 'unsure' ? why : undefined);
    }
    for (const rule of rules.ask) ask.push(rule);
    for (const rule of rules.allow) allow.push(rule);
  }

  let doubtfulAsk: Decision | undefined;
  for (const rule of ask) {
    const { matched, why } = matchRule(rule, action, facts);
    if (matched === 'yes') return decideBy(rule);
    if (matched === 'unsure') doubtfulAsk ??= decideBy(rule, why);
  }
  for (const rule of allow) {
    const { matched, why, covered } = matchRule(rule, action, facts);
    if (matched === 'yes') return doubtfulAsk ?? decideBy(rule);
    if (covered) note(`${shown(rule.id)} does not apply: ${why}`);
  }
  const reason = `${shownWho(participant)} allows ${shownAction(action)}`;
  return { effect: 'deny', rule: null, source: null, reasons: [reason, ...notes] };
}

export function shownAction({ kind, server, name }: Action): string {
  return shown(kind === 'tool' ? `${server}:${name}` : `${server}:${kind}s/${name}`);
}

function shownWho({ id, roles }: Participant): string {
  if (roles.length === 0) return `${shown(id)} has no roles, so nothing`;
  const names = roles.slice(0, MAX_NOTES).map(shown).join(', ');
  const more = roles.length > MAX_NOTES ? ` and ${roles.length - MAX_NOTES} more` : '';
  return `No rule of ${shown(id)} with the ${roles.length === 1 ? 'role' : 'roles'} ${names}${more}`;
}
