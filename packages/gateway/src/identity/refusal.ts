import type { AuthErrorCode, AuthResult } from './identity.ts';

export type AuthRefusal = Extract<AuthResult, { readonly ok: false }>;

/** One text for all that could tell a guesser how near the guess was. */
const NOT_VALID = 'The credential is not valid (expired or unknown)';

const messages: Readonly<Record<AuthErrorCode, string>> = {
  AUTH_MISSING: 'Authentication is required: send `Authorization: Bearer <token>`',
  AUTH_MALFORMED: NOT_VALID,
  AUTH_UNKNOWN: NOT_VALID,
  AUTH_EXPIRED: NOT_VALID,
  AUTH_REVOKED: NOT_VALID,
  AUTH_CODE_HASH: 'The code hash is missing or not the registered one',
  AUTH_DELEGATION: 'The delegation chain is not valid',
  AUTH_SCOPE: 'The token lacks a scope that is needed here',
  AUTH_UNAVAILABLE: 'The credential cannot be checked at the moment; try again later',
  AUTH_RATE_LIMITED: 'Too many failed attempts; try again later',
};

/** `detail` goes to the audit log and must not quote anything secret. */
export function refuse(
  code: AuthErrorCode,
  detail: string,
  more: Pick<AuthRefusal, 'hint' | 'retryAfterSeconds' | 'scopes'> & { readonly failingLink?: number } = {},
): AuthRefusal {
  const { failingLink, hint, retryAfterSeconds, scopes } = more;
  const message = messages[code] + (failingLink === undefined ? '' : ` at link ${failingLink}`);
  return {
    ok: false,
    code,
    message,
    detail,
    ...(hint === undefined || hint === '' ? {} : { hint }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}
