import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compilePatternSet,
  compilePolicy,
  decide,
  DecisionMemo,
  explain,
  type Action,
  type DelegationGrant,
  type Effect,
  type Explanation,
  type Facts,
  type PolicySpec,
  type Principal,
} from '@smcp/policy';

const server = fc.constantFrom('s', 't', 'constructor');
const toolName = fc.constantFrom('read_a', 'read_b', 'write', 'toString', 'prompts/x');
const pattern = fc
  .tuple(
    fc.constantFrom('s', 't', '*', 'constructor'),
    fc.constantFrom('*', 'read_*', '*a', 'write', 'prompts/*', 'toString'),
  )
  .map((parts) => parts.join(':'));
const schema = fc.constantFrom(true, { type: 'number', maximum: 5 }, { type: 'string', pattern: '^a' });
const constraint = fc.option(fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), schema), {
  nil: undefined,
});
const rule = fc
  .record({ patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }), schemas: constraint })
  .map(({ patterns, schemas }) => ({
    patterns,
    line: 1,
    ...(schemas === undefined ? {} : { arguments: schemas }),
  }));
const rules = fc.array(rule, { maxLength: 3 });
const roleName = fc.constantFrom('a', 'b', 'toString');
const policySpec: fc.Arbitrary<PolicySpec> = fc
  .uniqueArray(fc.record({ name: roleName, line: fc.constant(1), allow: rules, deny: rules, ask: rules }), {
    selector: (role) => role.name,
  })
  .map((roles) => ({ source: { file: 'f' }, roles }));
const roles = fc.array(fc.constantFrom('a', 'b', 'toString', 'ghost'), { maxLength: 3 });
const grant: fc.Arbitrary<DelegationGrant> = fc
  .record({
    delegator: fc.constantFrom('key:r', 'agent:m'),
    roles,
    scope: fc.array(pattern, { maxLength: 3 }),
  })
  .map((parts) => ({ ...parts, scope: compilePatternSet(parts.scope) }));
const grants = fc.array(grant, { maxLength: 2 });
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('tool', 'prompt', 'resource'),
  server,
  name: toolName,
});
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    arguments: fc.oneof(
      fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(1, 9, 'a', 'b', null)),
      fc.anything({ withNullPrototype: true }),
    ),
    exactNumbers: fc.boolean(),
  },
  { requiredKeys: [] },
);

function principal(roles: readonly string[], grants?: readonly DelegationGrant[]): Principal {
  const base = { id: 'agent:p', kind: 'agent', tenant: 't', roles } as const;
  return grants === undefined ? base : { ...base, delegation: { grants } };
}

const RANK: Record<Effect, number> = { deny: 0, ask: 1, allow: 2 };

/** The effect as one would work it out on paper from what `explain` shows. */
function derive(explanation: Explanation, who: Principal): Effect {
  const everybody = [who.id, ...(who.delegation?.grants ?? []).map(({ delegator }) => delegator)];
  const effects = everybody.map((id): Effect => {
    const rows = explanation.considered.filter((row) => row.participant === id && row.matched);
    if (rows.some(({ effect }) => effect === 'deny')) return 'deny';
    const allowed = rows.some(({ effect }) => effect === 'allow');
    const asked = rows.filter(({ effect }) => effect === 'ask');
    const doubtful = asked.every(({ why }) => /exact range|judged$/.test(why) && !/to judge yet/.test(why));
    if (asked.length > 0 && (allowed || !doubtful)) return 'ask';
    return allowed ? 'allow' : 'deny';
  });
  if (explanation.scopes.some(({ matched }) => !matched)) return 'deny';
  return effects.reduce((lowest, effect) => (RANK[effect] < RANK[lowest] ? effect : lowest));
}

/** Compiling schemas is the slow part, so each policy is asked many times. */
const RUNS = { numRuns: 40 };

interface Call {
  readonly own: readonly string[];
  readonly chain: readonly DelegationGrant[];
  readonly what: Action;
  readonly known: Facts;
}

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({ own: roles, chain: grants, what: action, known: facts }),
  { minLength: 30, maxLength: 40, size: 'max' },
);

describe('decide() properties', () => {
  it('are those of a memo as well, asked once or again', () => {
    fc.assert(
      fc.property(policySpec, calls, (spec, calls) => {
        const policy = compilePolicy(spec);
        const memo = new DecisionMemo(policy);
        const who = principal(['a', 'b'], []);
        for (const { what, known } of [...calls, ...calls]) {
          expect(memo.decide(who, what, known)).toEqual(decide(policy, who, what, known));
        }
      }),
      RUNS,
    );
  });

  it('never gets more generous when a link is added anywhere in the chain', () => {
    fc.assert(
      fc.property(policySpec, calls, grant, fc.nat({ max: 2 }), (spec, calls, added, at) => {
        const policy = compilePolicy(spec);
        for (const { own, chain, what, known } of calls) {
          const alone = decide(policy, principal(own), what, known).effect;
          const before = decide(policy, principal(own, chain), what, known).effect;
          const after = decide(policy, principal(own, chain.toSpliced(at, 0, added)), what, known).effect;
          expect(RANK[after]).toBeLessThanOrEqual(RANK[before]);
          expect(RANK[before]).toBeLessThanOrEqual(RANK[alone]);
        }
      }),
      RUNS,
    );
  });

  it('never gets more generous when a deny rule is added [S1-35]', () => {
    fc.assert(
      fc.property(policySpec, rule, calls, (spec, deny, calls) => {
        const policy = compilePolicy(spec);
        const stricter = compilePolicy({
          ...spec,
          roles: spec.roles.map((role) => ({ ...role, deny: [...role.deny, deny] })),
        });
        for (const { own, what, known } of calls) {
          const before = decide(policy, principal(own), what, known).effect;
          const after = decide(stricter, principal(own), what, known).effect;
          expect(RANK[after]).toBeLessThanOrEqual(RANK[before]);
        }
      }),
      RUNS,
    );
  });

  it('never gets less strict when numbers turn out inexact', () => {
    fc.assert(
      fc.property(policySpec, calls, (spec, calls) => {
        const policy = compilePolicy(spec);
        for (const { own, what, known } of calls) {
          const given = { arguments: known.arguments ?? {} };
          const exact = decide(policy, principal(own), what, given).effect;
          const inexact = decide(policy, principal(own), what, { ...given, exactNumbers: false }).effect;
          expect(RANK[inexact]).toBeLessThanOrEqual(RANK[exact]);
        }
      }),
      RUNS,
    );
  });

  it('does not depend on the order of roles', () => {
    fc.assert(
      fc.property(policySpec, calls, (spec, calls) => {
        const policy = compilePolicy(spec);
        for (const { own, what, known } of calls) {
          const turned = decide(policy, principal(own.toReversed()), what, known);
          expect(turned.effect).toBe(decide(policy, principal(own), what, known).effect);
        }
      }),
      RUNS,
    );
  });

  it('gives the same decision again, frozen, with a reason, and a source wherever there is a rule', () => {
    fc.assert(
      fc.property(policySpec, calls, (spec, calls) => {
        const policy = compilePolicy(spec);
        for (const { own, chain, what, known } of calls) {
          const decision = decide(policy, principal(own, chain), what, known);
          expect(decide(policy, principal(own, chain), what, known)).toEqual(decision);
          expect(Object.isFrozen(decision)).toBe(true);
          expect(decision.reasons.length).toBeGreaterThan(0);
          expect(decision.rule === null).toBe(decision.source === null);
          expect(decision.effect === 'deny' || decision.rule !== null).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('never throws, whatever it is given', () => {
    const policy = compilePolicy({
      source: { file: 'f' },
      roles: [
        { name: 'a', line: 1, allow: [{ patterns: ['*:*'], arguments: { x: true }, line: 1 }], deny: [] },
      ],
    });
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (who, what, known) => {
        const decision = decide(policy, who as Principal, what as Action, known as Facts);
        expect(decision.effect).toBe('deny');
        expect(explain(policy, who as Principal, what as Action, known as Facts).decision).toEqual(decision);
      }),
    );
  });
});

describe('explain() properties', () => {
  it('gives the decision of decide, and shows every rule that it follows from', () => {
    fc.assert(
      fc.property(policySpec, calls, (spec, calls) => {
        const policy = compilePolicy(spec);
        for (const { own, chain, what, known } of calls) {
          // Two delegators of one id could not be told apart in the rows.
          const who = principal(own, chain.slice(0, 1));
          const explanation = explain(policy, who, what, known);
          const decision = decide(policy, who, what, known);
          expect(explanation.decision).toEqual(decision);
          expect(derive(explanation, who)).toBe(decision.effect);
          const deciding = explanation.considered.filter((row) => row.rule === decision.rule);
          expect(decision.rule === null || deciding.some(({ matched }) => matched)).toBe(true);
        }
      }),
      { numRuns: 80 },
    );
  });
});
