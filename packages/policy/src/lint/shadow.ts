import { parsePattern, patternCovers, type Pattern } from '../pattern.ts';
import type { PolicyRole, PolicyRule } from '../policy-set.ts';
import { shown } from '../shown.ts';
import { onRule, type LintFinding } from './finding.ts';

interface ParsedRule {
  readonly rule: PolicyRule;
  readonly patterns: readonly Pattern[];
}

/** Rules of a role that change no decision, because unconditional rules before them settle all that they cover. */
export function lintShadows(role: PolicyRole): readonly LintFinding[] {
  const rules = parseRules(role);
  return rules.flatMap((parsed, index) => {
    const { rule } = parsed;
    // The rules of a role are in the order deny, ask, allow, which is also the order of power.
    const shadows = findShadows(parsed, rules.slice(0, index));
    if (shadows.length === 0) return [];
    const names = shadows.map(({ id }) => shown(id)).join(' and ');
    const message = `Rule ${shown(rule.id)} has no effect, all that it covers is settled by ${names}`;
    return [onRule(rule, { code: 'rule-shadowed', severity: 'warning', message })];
  });
}

/** Whether a role can allow anything: it has an allow or ask rule that the deny rules of the same role do not take back. */
export function grantsSomething(role: PolicyRole): boolean {
  const rules = parseRules(role);
  const denies = rules.filter(({ rule }) => rule.effect === 'deny');
  return rules.some((parsed) => parsed.rule.effect !== 'deny' && findShadows(parsed, denies).length === 0);
}

function parseRules({ rules }: PolicyRole): readonly ParsedRule[] {
  return rules.map((rule) => ({ rule, patterns: rule.patterns.patterns.map(parsePattern) }));
}

/** Those of `rules` that together cover a rule whatever the arguments; none when something of it is left. */
function findShadows({ patterns }: ParsedRule, rules: readonly ParsedRule[]): readonly PolicyRule[] {
  const shadows = new Set<PolicyRule>();
  for (const pattern of patterns) {
    const shadow = rules.find(
      (wide) => wide.rule.constraint === null && wide.patterns.some((other) => patternCovers(other, pattern)),
    );
    if (shadow === undefined) return [];
    shadows.add(shadow.rule);
  }
  return [...shadows];
}
