import type { Facts } from '../decision.ts';
import { PolicyError, type PolicyErrorPlace } from '../policy-error.ts';
import { shown } from '../shown.ts';
import { ReadingBudget, TooMuchToRead } from './reading-budget.ts';
import { createSchemaCompiler, type SchemaCheck } from './schema-compiler.ts';
import { isJsonObject } from '@smcp/protocol';

/**
 * What a constraint says of a call. `listing`: there are no arguments to judge; `unsure`: they cannot be judged safely. `why` tells about anything
 * but `satisfied`.
 */
export interface Judgement {
  readonly outcome: 'satisfied' | 'unsatisfied' | 'unsure' | 'listing';
  readonly why: string;
}

/** The argument schemas of one rule. `judge` never throws and keeps nothing. */
export interface Constraint {
  judge(facts: Facts): Judgement;
}

export type ConstraintCompiler = (
  schemas: Readonly<Record<string, unknown>>,
  place: PolicyErrorPlace,
) => Constraint;

const MAX_FAULT_LENGTH = 300;

const SATISFIED = toJudgement('satisfied', 'the arguments satisfy its schemas');
const LISTING = toJudgement('listing', 'there are no arguments to judge yet');
const INEXACT = toJudgement('unsure', 'a number in the arguments is beyond the exact range');
const NO_OBJECT = toJudgement('unsatisfied', 'the arguments are not an object');

/** Creates what compiles the constraints of one policy. It throws `PolicyError` `POLICY_BAD_SCHEMA`, naming rule and argument. */
export function createConstraintCompiler(): ConstraintCompiler {
  const budget = new ReadingBudget();
  const compileSchema = createSchemaCompiler(budget);
  return (schemas, place) => {
    const checks = Object.entries(schemas).map(([name, schema]): ArgumentCheck => {
      try {
        return createArgumentCheck(name, compileSchema(schema));
      } catch (error) {
        const fault = error instanceof Error ? error.message.slice(0, MAX_FAULT_LENGTH) : 'unknown fault';
        throw new PolicyError(
          'POLICY_BAD_SCHEMA',
          `Schema of argument ${shown(name)} in ${place.rule ?? 'a rule'} cannot be used: ${fault}`,
          { ...place, argument: name },
          { cause: error },
        );
      }
    });
    const twins = new Map(checks.map(({ name, twin }) => [folded(name), { name, twin }]));
    return Object.freeze({ judge: (facts: Facts) => judge(checks, twins, facts, budget) });
  };
}

interface ArgumentCheck {
  readonly name: string;
  readonly check: SchemaCheck;
  readonly missing: Judgement;
  readonly twin: Judgement;
  readonly unsatisfied: Judgement;
  readonly tooLarge: Judgement;
  readonly failed: Judgement;
}

function createArgumentCheck(name: string, check: SchemaCheck): ArgumentCheck {
  return {
    name,
    check,
    missing: toJudgement('unsatisfied', `argument ${shown(name)} is missing`),
    twin: toJudgement('unsure', `argument ${shown(name)} is also given in another spelling`),
    unsatisfied: toJudgement('unsatisfied', `argument ${shown(name)} does not satisfy its schema`),
    tooLarge: toJudgement('unsure', `argument ${shown(name)} is too large to be judged`),
    failed: toJudgement('unsure', `argument ${shown(name)} could not be judged`),
  };
}

type Twins = ReadonlyMap<string, Pick<ArgumentCheck, 'name' | 'twin'>>;

function judge(
  checks: readonly ArgumentCheck[],
  twins: Twins,
  facts: Facts,
  budget: ReadingBudget,
): Judgement {
  const given = facts.arguments;
  if (given === undefined) return LISTING;
  if (facts.exactNumbers === false) return INEXACT;
  if (!isJsonObject(given)) return NO_OBJECT;
  // Some readers match names without regard to case, and to them the last spelling counts.
  for (const key of Object.keys(given)) {
    const meant = twins.get(folded(key));
    if (meant !== undefined && meant.name !== key) return meant.twin;
  }
  for (const { name, missing } of checks) if (!Object.hasOwn(given, name)) return missing;
  budget.refill();
  for (const { name, check, unsatisfied, tooLarge, failed } of checks) {
    try {
      if (!check(given[name])) return unsatisfied;
    } catch (error) {
      // Whatever stopped the check, nothing is known of the value: the rule then errs on the side of refusal.
      return error instanceof TooMuchToRead ? tooLarge : failed;
    }
  }
  return SATISFIED;
}

/** Equal for names that differ in case only, also in the Unicode sense (`ſ` is an `s`, the Kelvin sign a `k`). */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

function toJudgement(outcome: Judgement['outcome'], why: string): Judgement {
  return Object.freeze({ outcome, why });
}
