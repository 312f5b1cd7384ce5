import type { Constraint } from './constraint/constraint.ts';
import type { Effect, RuleSource } from './decision.ts';
import type { PatternSet } from './pattern.ts';

/** One rule as written in a role. */
export interface RuleSpec {
  /** `server:tool` globs, at least one. */
  readonly patterns: readonly string[];
  /**
   * Named arguments to JSON Schemas (2020-12). The rule matches only a call whose arguments have every name and satisfy every schema. A schema says
   * the `type` that its keywords are for; `pattern` has RE2 syntax and is not anchored by itself.
   */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** Line in the policy file, from 1. */
  readonly line: number;
}

export interface RoleSpec {
  readonly name: string;
  readonly line: number;
  readonly allow: readonly RuleSpec[];
  readonly deny: readonly RuleSpec[];
  readonly ask?: readonly RuleSpec[];
}

export interface PolicySpec {
  readonly roles: readonly RoleSpec[];
  readonly source: Omit<RuleSource, 'line'>;
}

/** A compiled policy: immutable, and independent of the spec that it was compiled from. */
export interface PolicySet {
  readonly source: Omit<RuleSource, 'line'>;
  readonly roleNames: readonly string[];
  readonly ruleCount: number;
  role(name: string): PolicyRole | undefined;
}

export interface PolicyRole {
  readonly name: string;
  readonly source: RuleSource;
  /** In the order deny, ask, allow; within each as written. */
  readonly rules: readonly PolicyRule[];
  /** The rules that can match something of this server, which is all that a decision has to look at. */
  rulesFor(server: string): RulesByEffect;
}

export type RulesByEffect = Readonly<Record<Effect, readonly PolicyRule[]>>;

export interface PolicyRule {
  /** Such as `roles.intern.deny[0]`. */
  readonly id: string;
  readonly role: string;
  readonly effect: Effect;
  readonly patterns: PatternSet;
  /** Null when the rule does not look at arguments. */
  readonly constraint: Constraint | null;
  readonly source: RuleSource;
}
