export type PolicyErrorCode =
  | 'POLICY_BAD_PATTERN'
  | 'POLICY_BAD_SCHEMA'
  | 'POLICY_EMPTY_RULE'
  | 'POLICY_BAD_ROLE'
  | 'POLICY_DUPLICATE_ROLE';

/** Where in a policy the fault is; what is not known is absent. */
export interface PolicyErrorPlace {
  readonly role?: string;
  /** Id of the rule, such as `roles.intern.allow[0]`. */
  readonly rule?: string;
  readonly argument?: string;
  readonly pattern?: string;
  /** Line in the policy file, from 1. */
  readonly line?: number;
}

/** A policy that cannot be compiled. `message` names the place in words, `place` as data. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;
  readonly place: PolicyErrorPlace;

  constructor(code: PolicyErrorCode, message: string, place: PolicyErrorPlace, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }
}
