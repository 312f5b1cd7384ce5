import type { RuleSource } from './decision.ts';

/** One rule as written in a role. */
export interface RuleSpec {
  /** `server:tool` globs, at least one. */
  readonly patterns: readonly string[];
  /** Named arguments to JSON Schemas (2020-12). The rule matches only a call whose arguments have every name and satisfy every schema. */
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
