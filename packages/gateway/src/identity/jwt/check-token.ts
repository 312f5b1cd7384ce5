import type { AuthErrorCode } from '../identity.ts';
import { ifTexts } from './claim.ts';
import type { IssuerTerms } from './issuer-terms.ts';
import type { ReadToken } from './read-token.ts';

const MAX_AUDIENCES = 64;

/** What a token says of itself that decides how long and where it is good. */
export interface TokenTerms {
  readonly audiences: readonly string[];
  /** From this second on it is refused; tolerance included. */
  readonly endsAtSeconds: number;
}

export type TokenCheck =
  | { readonly ok: true; readonly terms: TokenTerms }
  | { readonly ok: false; readonly code: AuthErrorCode; readonly detail: string };

/**
 * Checks everything about a token but its signature, its audience and its scopes.
 *
 * @see RFC 9068 section 4, RFC 8725 section 3
 */
export function checkToken(token: ReadToken, issuer: IssuerTerms, nowSeconds: number): TokenCheck {
  const { claims } = token;
  if (!issuer.algorithms.includes(token.algorithm)) return unknown('the algorithm is not accepted');
  // RFC 8725 section 3.11: a token of another kind is no access token, whoever signed it.
  const isAccessToken = token.type === 'at+jwt';
  const isPlain = !issuer.requireAccessTokenType && (token.type === undefined || token.type === 'jwt');
  if (!isAccessToken && !isPlain) return unknown('the type is not that of an access token');
  if (claims['iss'] !== issuer.issuer) return unknown('another issuer');
  // RFC 9449 section 7.1: it is bound to a key, and a bearer proves none.
  if (claims['cnf'] !== undefined) return unknown('the token is bound to a key of its client');

  const { aud: audience } = claims;
  const audiences = typeof audience === 'string' ? [audience] : ifTexts(audience, MAX_AUDIENCES);
  if (audiences === undefined || audiences.length === 0) return unknown('no audience');
  return checkTimes(token, issuer, nowSeconds, audiences);
}

function checkTimes(
  { claims }: ReadToken,
  { toleranceSeconds, maxLifetimeSeconds }: IssuerTerms,
  nowSeconds: number,
  audiences: readonly string[],
): TokenCheck {
  const { exp: expires, nbf: notBefore, iat: issued } = claims;
  if (!isTime(expires)) return unknown('no expiry');
  if (notBefore !== undefined && !isTime(notBefore)) return unknown('"nbf" is no time');
  if (issued !== undefined && !isTime(issued)) return unknown('"iat" is no time');
  const endsAtSeconds = expires + toleranceSeconds;
  // Written so that a time that is not a number counts as over.
  if (!(nowSeconds < endsAtSeconds)) return { ok: false, code: 'AUTH_EXPIRED', detail: 'expired' };
  const latestStart = nowSeconds + toleranceSeconds;
  if (notBefore !== undefined && notBefore > latestStart) return unknown('not valid yet');
  if (issued !== undefined && issued > latestStart) return unknown('issued in the future');
  if (expires - (issued ?? latestStart) > maxLifetimeSeconds) return unknown('made to live too long');
  return { ok: true, terms: { audiences, endsAtSeconds } };
}

/** RFC 7519 section 2: seconds since 1970, whole or not. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function unknown(detail: string): TokenCheck {
  return { ok: false, code: 'AUTH_UNKNOWN', detail };
}
