import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import { claimAt, ifTexts } from './claim.ts';
import type { IssuerTerms } from './issuer-terms.ts';

const MAX_NAME_CHARS = 256;
const MAX_VALUES = 1000;
const MAX_SCOPES = 256;
const MAX_SCOPE_CHARS = 128;

/** RFC 6749 section 3.3. What is not of this form cannot be told to a client and grants nothing. */
const SCOPE = /^[!#-[\]-~]+$/;
const UNSAFE = /[^A-Za-z0-9._~@|+=/:-]/gu;

export type PrincipalResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly detail: string };

/** The user of a token that has been checked. What the configuration does not map gives no role. */
export function toPrincipal(claims: JsonObject, issuer: IssuerTerms): PrincipalResult {
  const id = ifName(claimAt(claims, issuer.idClaim));
  if (id === undefined) return { ok: false, detail: `no usable "${issuer.idClaim}"` };
  // Anybody may enter anybody's address with some issuers.
  if (issuer.idClaim === 'email' && claims['email_verified'] === false) {
    return { ok: false, detail: 'the address is not verified' };
  }
  const { tenantClaim } = issuer;
  const tenant = tenantClaim === undefined ? 'default' : ifName(claimAt(claims, tenantClaim));
  if (tenant === undefined) return { ok: false, detail: `no usable "${tenantClaim}"` };
  const roles = valuesOf(claimAt(claims, issuer.rolesClaim)).flatMap(
    (value) => issuer.rolesOf.get(value) ?? [],
  );
  return {
    ok: true,
    principal: Object.freeze({
      // A name of an issuer has no colon, so the first two end the fixed part.
      id: `user:${issuer.name}:${id}`,
      kind: 'user',
      tenant,
      roles: Object.freeze([...new Set(roles)]),
      scopes: Object.freeze([...scopesOf(claims)]),
    }),
  };
}

/** A text from a token as part of an id: what could confuse a reader, a log or a terminal is percent-encoded, so that two texts never look alike. */
function ifName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_CHARS) return undefined;
  // Halves of characters all become the same one in UTF-8.
  if (!value.isWellFormed()) return undefined;
  return value.replaceAll(UNSAFE, percentEncoded);
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** Of a list, its items as they are; of a text, the whole of it and its words. */
function valuesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split(' ')].slice(0, MAX_VALUES);
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_VALUES).filter((item): item is string => typeof item === 'string');
}

/** RFC 8693 section 4.2 has `scope`, a text; others write `scp`, a text or a list. */
function scopesOf(claims: JsonObject): ReadonlySet<string> {
  const found = [claims['scope'], claims['scp']].flatMap((value) =>
    typeof value === 'string' ? value.split(' ') : (ifTexts(value, MAX_SCOPES) ?? []),
  );
  const usable = found.filter((scope) => scope.length <= MAX_SCOPE_CHARS && SCOPE.test(scope));
  return new Set(usable.slice(0, MAX_SCOPES));
}
