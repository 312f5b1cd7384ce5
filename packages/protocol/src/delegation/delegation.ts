/** HTTP header that carries a chain: compact links separated by commas, root link first, no spaces. */
export const DELEGATION_HEADER = 'X-SMCP-Delegation-Chain';

/** `typ` of the protected header of every link. */
export const DELEGATION_TYPE = 'smcp-delegation+jwt';

/**
 * What one principal signs to let another act for it: a compact JWS (EdDSA over Ed25519, RFC 8037) with this payload and no other member.
 * Times are whole seconds since 1970.
 */
export interface DelegationClaims {
  readonly v: 1;
  /** Delegator, such as `key:alice`. Its key, found by this id alone, signs the link. */
  readonly iss: string;
  /** Delegate, such as `agent:planner`. */
  readonly sub: string;
  /** The gateway at which the link counts. */
  readonly aud: string;
  readonly iat: number;
  readonly nbf?: number;
  readonly exp: number;
  /** Names the link in logs. */
  readonly jti: string;
  /** `server:tool` globs; `["*:*"]` passes on all that the delegator may do. Never empty. */
  readonly scope: readonly string[];
  /** How many further links may follow. */
  readonly max_depth: number;
  /** SHA-256 of the compact link before this one, base64url; null in the first link. */
  readonly prev: string | null;
}

export type DelegationCode =
  | 'DELEGATION_TOO_LONG'
  | 'DELEGATION_TOO_MANY_LINKS'
  | 'DELEGATION_MALFORMED'
  | 'DELEGATION_DUPLICATE_MEMBER'
  | 'DELEGATION_UNKNOWN_MEMBER'
  | 'DELEGATION_ALGORITHM'
  | 'DELEGATION_TYPE'
  | 'DELEGATION_PREVIOUS'
  | 'DELEGATION_BROKEN'
  | 'DELEGATION_LOOP'
  | 'DELEGATION_DEPTH'
  | 'DELEGATION_OUTLIVES'
  | 'DELEGATION_PRESENTER'
  | 'DELEGATION_AUDIENCE'
  | 'DELEGATION_LIFETIME'
  | 'DELEGATION_NOT_YET_VALID'
  | 'DELEGATION_EXPIRED'
  | 'DELEGATION_UNKNOWN_KEY'
  | 'DELEGATION_SIGNATURE';

/** Why a chain does not count. `link` is the index of the failing link, 0 for the root. */
export interface DelegationRefusal {
  readonly ok: false;
  readonly link: number;
  readonly code: DelegationCode;
  readonly message: string;
}

/** Thrown when a link that no gateway would accept is asked for. */
export class DelegationError extends Error {
  override readonly name = 'DelegationError';
  readonly code: DelegationCode;

  constructor(code: DelegationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
