import { compactVerify } from 'jose';
import type { CryptoKey } from 'jose';
import { checkChain } from './chain-rules.ts';
import type { DelegationClaims, DelegationCode, DelegationRefusal } from './delegation.ts';
import { importPublicKey } from './delegation-key.ts';
import { parseLink } from './parse-link.ts';
import type { ParsedLink } from './parse-link.ts';

export interface VerifyChainOptions {
  /** What `aud` of every link must be, character by character. */
  readonly audience: string;
  /** Principal that presents the chain, already authenticated: the delegate of the last link. */
  readonly presenter: string;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
  /** The public key registered for a principal (JWK `x`, or imported); undefined when there is none. */
  readonly keyOf: (principalId: string) => Promise<string | CryptoKey | undefined>;
  /** 1 to 64. Default 8. */
  readonly maxLinks?: number;
  /** Length of the header value. Default 16 KiB. */
  readonly maxBytes?: number;
  /** Longest time from `iat` to `exp`, in seconds. Default 3600. */
  readonly maxLifetimeSeconds?: number;
  /** Tolerated difference of clocks, in seconds. Default 30. */
  readonly clockSkewSeconds?: number;
}

export interface VerifiedLink {
  readonly delegator: string;
  readonly delegate: string;
  readonly scope: readonly string[];
  /** Seconds since 1970, without the tolerated skew. */
  readonly expiresAtSeconds: number;
  readonly id: string;
}

export type DelegationResult =
  | { readonly ok: true; readonly links: readonly VerifiedLink[] }
  | DelegationRefusal;

/**
 * Checks a delegation chain: its form, that each link was signed by the delegate of the one before, and that all count here and now.
 *
 * Does not check whether the principals still exist, whether a delegate accepts its delegator, or what the scopes allow. A chain may be presented
 * any number of times until it expires; it is of use only to its presenter.
 *
 * @param header The value of `X-SMCP-Delegation-Chain`. Spaces, also beside commas, are refused.
 * @returns The links, root first, or the first refusal found: form of every link, then their order, then time and audience, then signatures.
 * @throws {RangeError} when a bound in `options` is not a whole number in range; and whatever `keyOf` throws.
 */
export async function verifyDelegationChain(
  header: string,
  options: VerifyChainOptions,
): Promise<DelegationResult> {
  const maxLinks = bound('maxLinks', options.maxLinks ?? 8, 1, 64);
  const maxBytes = bound('maxBytes', options.maxBytes ?? 16 * 1024, 1, 1024 * 1024);
  // Characters are bytes here: the first one outside of ASCII makes its link malformed.
  if (header.length > maxBytes) {
    return refuse(0, 'DELEGATION_TOO_LONG', `The chain is longer than ${maxBytes} bytes`);
  }
  const compacts = header.split(',', maxLinks + 1);
  if (compacts.length > maxLinks) {
    return refuse(maxLinks, 'DELEGATION_TOO_MANY_LINKS', `The chain has more than ${maxLinks} links`);
  }

  const links: ParsedLink[] = [];
  for (const [index, compact] of compacts.entries()) {
    const parsed = parseLink(compact);
    if (!parsed.ok) return refuse(index, parsed.code, parsed.message);
    links.push(parsed.link);
  }
  const outOfOrder = await checkChain(links);
  if (outOfOrder) return outOfOrder;
  const last = links.length - 1;
  if (links[last]?.claims.sub !== options.presenter) {
    return refuse(last, 'DELEGATION_PRESENTER', 'The chain was made for another principal');
  }
  for (const [index, { claims }] of links.entries()) {
    const refusal = checkHereAndNow(claims, options);
    if (refusal) return refuse(index, refusal.code, refusal.message);
  }
  for (const [index, link] of links.entries()) {
    const refusal = await checkSignature(link, options.keyOf);
    if (refusal) return refuse(index, refusal.code, refusal.message);
  }
  return { ok: true, links: links.map(({ claims }) => toVerifiedLink(claims)) };
}

type Refusal = Omit<DelegationRefusal, 'ok' | 'link'>;

function checkHereAndNow(claims: DelegationClaims, options: VerifyChainOptions): Refusal | undefined {
  const maxLifetime = bound('maxLifetimeSeconds', options.maxLifetimeSeconds ?? 3600, 1, 86_400);
  const skew = bound('clockSkewSeconds', options.clockSkewSeconds ?? 30, 0, 600);
  const now = options.nowSeconds;
  if (claims.aud !== options.audience) {
    return { code: 'DELEGATION_AUDIENCE', message: 'The link was made for another gateway' };
  }
  if (claims.exp - claims.iat > maxLifetime) {
    return { code: 'DELEGATION_LIFETIME', message: `The link lives longer than ${maxLifetime} seconds` };
  }
  // Written so that a time that is not a number refuses.
  if (!(Math.max(claims.iat, claims.nbf ?? 0) <= now + skew)) {
    return { code: 'DELEGATION_NOT_YET_VALID', message: 'The link is not valid yet' };
  }
  if (!(now - skew < claims.exp)) {
    return { code: 'DELEGATION_EXPIRED', message: 'The link has expired' };
  }
  return undefined;
}

async function checkSignature(
  link: ParsedLink,
  keyOf: VerifyChainOptions['keyOf'],
): Promise<Refusal | undefined> {
  const registered = await keyOf(link.claims.iss);
  if (registered === undefined) {
    return { code: 'DELEGATION_UNKNOWN_KEY', message: 'No key is registered for the delegator' };
  }
  try {
    const key = typeof registered === 'string' ? await importPublicKey(registered) : registered;
    await compactVerify(link.compact, key, { algorithms: ['EdDSA'] });
  } catch {
    // A wrong signature, and a registered key that is none or of another kind, end alike: the link does not count.
    return { code: 'DELEGATION_SIGNATURE', message: 'The signature is not that of the delegator' };
  }
  return undefined;
}

function toVerifiedLink(claims: DelegationClaims): VerifiedLink {
  return {
    delegator: claims.iss,
    delegate: claims.sub,
    scope: claims.scope,
    expiresAtSeconds: claims.exp,
    id: claims.jti,
  };
}

function bound(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`Expected ${name} to be a whole number from ${min} to ${max}, got ${value}`);
}

function refuse(link: number, code: DelegationCode, message: string): DelegationRefusal {
  return { ok: false, link, code, message };
}
