import { createConstraintCompiler, type ConstraintCompiler } from './constraint/constraint.ts';
import type { Effect, RuleSource } from './decision.ts';
import { compilePatternSet, parsePattern, type PatternSet } from './pattern.ts';
import { PolicyError, type PolicyErrorPlace } from './policy-error.ts';
import type {
  PolicyRole,
  PolicyRule,
  PolicySet,
  PolicySpec,
  RoleSpec,
  RulesByEffect,
  RuleSpec,
} from './policy-set.ts';
import { shown } from './shown.ts';

/** Deciding goes through the effects in this order. */
const EFFECTS = ['deny', 'ask', 'allow'] as const satisfies readonly Effect[];

/**
 * Compiles a policy once, for many decisions.
 *
 * Does not check that servers or tools exist, nor that a rule has an effect: ask `lint`.
 *
 * @returns A frozen set that does not change when the spec does.
 * @throws {PolicyError} `POLICY_BAD_ROLE` for a role without name, `POLICY_DUPLICATE_ROLE` for a second role of one name, `POLICY_EMPTY_RULE` for a rule
 *   without pattern, `POLICY_BAD_PATTERN` and `POLICY_BAD_SCHEMA` for what cannot be compiled. Each says role, rule and line as far as known.
 */
export function compilePolicy(spec: PolicySpec): PolicySet {
  const source = Object.freeze({ ...spec.source });
  const compileConstraint = createConstraintCompiler();
  const roles = new Map<string, PolicyRole>();
  for (const role of spec.roles) {
    const place = { role: role.name, line: role.line };
    if (role.name === '') throw new PolicyError('POLICY_BAD_ROLE', 'A role must have a name', place);
    if (roles.has(role.name)) {
      throw new PolicyError('POLICY_DUPLICATE_ROLE', `Role ${shown(role.name)} is defined twice`, place);
    }
    roles.set(role.name, compileRole(role, source, compileConstraint));
  }
  return Object.freeze({
    source,
    roleNames: Object.freeze([...roles.keys()]),
    ruleCount: [...roles.values()].reduce((count, role) => count + role.rules.length, 0),
    role: (name: string) => roles.get(name),
  });
}

function compileRole(
  role: RoleSpec,
  source: PolicySpec['source'],
  compileConstraint: ConstraintCompiler,
): PolicyRole {
  const rules = EFFECTS.flatMap((effect) =>
    (role[effect] ?? []).map((rule, index): PolicyRule => {
      const place = { role: role.name, rule: `roles.${role.name}.${effect}[${index}]`, line: rule.line };
      return Object.freeze({
        id: place.rule,
        role: role.name,
        effect,
        patterns: compilePatterns(rule, place),
        constraint: hasConstraint(rule) ? compileConstraint(rule.arguments, place) : null,
        source: toSource(source, rule.line),
      });
    }),
  );
  return Object.freeze({
    name: role.name,
    source: toSource(source, role.line),
    rules: Object.freeze(rules),
    rulesFor: indexByServer(rules),
  });
}

function compilePatterns(rule: RuleSpec, place: PolicyErrorPlace): PatternSet {
  if (rule.patterns.length === 0) {
    throw new PolicyError('POLICY_EMPTY_RULE', `Rule ${shown(place.rule ?? '')} has no pattern`, place);
  }
  try {
    return compilePatternSet(rule.patterns);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const message = `${error.message}, in ${shown(place.rule ?? '')}`;
    throw new PolicyError(error.code, message, { ...place, ...error.place }, { cause: error });
  }
}

function hasConstraint(rule: RuleSpec): rule is RuleSpec & Required<Pick<RuleSpec, 'arguments'>> {
  return rule.arguments !== undefined && Object.keys(rule.arguments).length > 0;
}

/** Every server that the rules name gets its own short list; any other gets the rules whose server part is a glob. */
function indexByServer(rules: readonly PolicyRule[]): (server: string) => RulesByEffect {
  const servers = rules.map((rule) => rule.patterns.patterns.map((pattern) => parsePattern(pattern).server));
  const literals = new Set(servers.flat().flatMap((server) => (server.isLiteral ? [server.text] : [])));
  const byServer = new Map<string, RulesByEffect>();
  for (const name of literals) {
    byServer.set(
      name,
      groupByEffect(rules.filter((_, i) => servers[i]?.some((server) => server.matches(name)))),
    );
  }
  const others = groupByEffect(rules.filter((_, i) => servers[i]?.some((server) => !server.isLiteral)));
  return (server) => byServer.get(server) ?? others;
}

function groupByEffect(rules: readonly PolicyRule[]): RulesByEffect {
  // NOTE: these lists are not frozen, because walking a frozen one takes twice as long.
  const of = (effect: Effect): readonly PolicyRule[] => rules.filter((rule) => rule.effect === effect);
  return Object.freeze({ deny: of('deny'), ask: of('ask'), allow: of('allow') });
}

function toSource(source: PolicySpec['source'], line: number): RuleSource {
  return Object.freeze({ ...source, line });
}
