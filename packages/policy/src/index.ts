export type { Principal, PrincipalKind, Delegation, DelegationGrant } from './principal.ts';
export type { Action, Decision, Effect, Facts, RuleSource } from './decision.ts';
export type { PatternSet } from './pattern.ts';
export type { PolicySpec, RoleSpec, RuleSpec } from './policy-set.ts';
