const MAX_HEADER_LENGTH = 8 * 1024;

/** RFC 6750 section 2.1: `b64token`. */
const bearerHeader = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

export type BearerResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly code: 'AUTH_MISSING' | 'AUTH_MALFORMED'; readonly detail: string };

/**
 * Takes the token out of an `Authorization` value: the scheme in any case, one space, the token, nothing else. The refusals quote nothing, since a
 * caller who forgets the scheme puts the token in its place.
 */
export function readBearer(authorization: string | undefined): BearerResult {
  if (authorization === undefined || authorization === '') {
    return { ok: false, code: 'AUTH_MISSING', detail: 'no Authorization header' };
  }
  if (authorization.length > MAX_HEADER_LENGTH) {
    return { ok: false, code: 'AUTH_MALFORMED', detail: 'Authorization header longer than 8 KiB' };
  }
  const token = bearerHeader.exec(authorization)?.[1];
  if (token !== undefined) return { ok: true, token };
  const isBearer = /^bearer(?:\s|$)/i.test(authorization);
  const detail = isBearer ? 'bearer token of the wrong form' : 'Authorization scheme is not Bearer';
  return { ok: false, code: 'AUTH_MALFORMED', detail };
}
