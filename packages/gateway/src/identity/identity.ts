import type { Principal } from '@smcp/policy';

/** The parts of a request that say who calls; header values as they arrived, one value each. */
export interface Presented {
  /** Address of the peer after trusted proxies were taken into account. */
  readonly source: string;
  readonly authorization?: string;
  readonly codeHash?: string;
  readonly delegationChain?: string;
  /** Path of the request without query, for tokens that are made for one endpoint. */
  readonly path?: string;
}

export type AuthErrorCode =
  | 'AUTH_MISSING'
  | 'AUTH_MALFORMED'
  | 'AUTH_UNKNOWN'
  | 'AUTH_EXPIRED'
  | 'AUTH_REVOKED'
  | 'AUTH_CODE_HASH'
  | 'AUTH_DELEGATION'
  /** The token of an external issuer is good, but lacks a scope. */
  | 'AUTH_SCOPE'
  /** The keys of an external issuer cannot be had, so nobody knows whether the token is good. */
  | 'AUTH_UNAVAILABLE'
  | 'AUTH_RATE_LIMITED';

/** A refusal is a value. `detail` is for the audit log, `message` for the caller. */
export type AuthResult =
  | { readonly ok: true; readonly principal: Principal }
  | {
      readonly ok: false;
      readonly code: AuthErrorCode;
      readonly message: string;
      readonly detail: string;
      readonly hint?: string;
      readonly retryAfterSeconds?: number;
      /** With `AUTH_SCOPE`: the scopes that every token of this issuer needs. */
      readonly scopes?: readonly string[];
    };

/**
 * Turns what a caller presents into a `Principal`, or refuses.
 *
 * Unknown, malformed, expired and revoked tokens are answered alike towards the caller; `detail` keeps them apart. Never throws.
 */
export interface Authenticator {
  authenticate(presented: Presented): Promise<AuthResult>;
  /** True while the principal may go on using open streams: not revoked, expired or removed since. */
  isCurrent(principal: Principal): boolean;
}
