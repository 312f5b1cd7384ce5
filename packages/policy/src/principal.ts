import type { PatternSet } from './pattern.ts';

export type PrincipalKind = 'user' | 'key' | 'agent' | 'workload' | 'device' | 'legacy' | 'operator';

/**
 * Who calls, once authenticated. Immutable, and the only carrier of authority: nothing below a door reads a header again.
 */
export interface Principal {
  /** Kind and name, such as `key:alice` or `agent:ci-bot`; unique within the tenant. */
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly tenant: string;
  readonly roles: readonly string[];
  /** OAuth scopes that were granted; absent when it did not log in with an OAuth token, and then none are asked for. */
  readonly scopes?: readonly string[];
  /** Present when this principal acts for others; authority is then the intersection of everybody in the chain. */
  readonly delegation?: Delegation;
}

export interface Delegation {
  /** Root delegator first. The principal itself is the delegate of the last one. */
  readonly grants: readonly DelegationGrant[];
}

/** One verified link: what its delegator may do, cut down to what it passed on. */
export interface DelegationGrant {
  readonly delegator: string;
  readonly roles: readonly string[];
  readonly scope: PatternSet;
}
