import type { Principal } from '@smcp/policy';

/** The parts of a request that say who calls; header values as they arrived, one value each. */
export interface Presented {
  /** Address of the peer after trusted proxies were taken into account. */
  readonly source: string;
  readonly authorization?: string;
  readonly codeHash?: string;
  readonly delegationChain?: string;
}

export type AuthErrorCode =
  | 'AUTH_MISSING'
  | 'AUTH_MALFORMED'
  | 'AUTH_UNKNOWN'
  | 'AUTH_EXPIRED'
  | 'AUTH_REVOKED'
  | 'AUTH_CODE_HASH'
  | 'AUTH_DELEGATION'
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
