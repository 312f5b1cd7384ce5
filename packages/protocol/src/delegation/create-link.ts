import { base64url, CompactSign } from 'jose';
import type { CryptoKey } from 'jose';
import { checkChain, linkDigest } from './chain-rules.ts';
import { DELEGATION_TYPE, DelegationError } from './delegation.ts';
import type { DelegationClaims } from './delegation.ts';
import type { DelegationPrivateKey } from './delegation-key.ts';
import { parseLink } from './parse-link.ts';
import type { ParsedLink } from './parse-link.ts';

const LINK_ID_BYTES = 16;

export interface CreateLinkOptions {
  /** Who signs, such as `key:alice`. */
  readonly delegator: string;
  /** Who may act for it, such as `agent:planner`. */
  readonly delegate: string;
  /** Address of the gateway at which the link counts. */
  readonly audience: string;
  /** Private key of the delegator. */
  readonly key: DelegationPrivateKey | CryptoKey;
  /** `server:tool` globs that are passed on; `["*:*"]` for all that the delegator may do. */
  readonly scope: readonly string[];
  /** Whole seconds from now; gateways accept 3600 unless told otherwise. */
  readonly lifetimeSeconds: number;
  /** How many further links may follow. Default 0: the delegate cannot delegate. */
  readonly maxDepth?: number;
  /** The chain this link continues, as it came in the header; absent for a root link. */
  readonly previous?: string;
  /** Label of the key for people; not used to find it. */
  readonly keyId?: string;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
  /** Returns so many random bytes. */
  readonly random: (count: number) => Uint8Array;
}

/**
 * Signs one link of a delegation chain.
 *
 * Does not check the signatures of `previous`: the gateway does, and a forged one only makes this link worthless.
 *
 * @returns The compact link. Append it to `previous` with `joinDelegationChain`.
 * @throws {RangeError} when `lifetimeSeconds` is not a whole number above zero.
 * @throws {DelegationError} with the code a gateway would refuse with, when an id, scope or depth has the wrong form, when `previous` does not
 *   end at `delegator`, names `delegate` already, ends earlier than this link or allows no such depth.
 *
 * @example
 * ```ts
 * const link = await createDelegationLink({
 *   delegator: 'key:alice', delegate: 'agent:planner', audience: 'https://gate.example',
 *   key: privateKey, scope: ['slack:read_*'], lifetimeSeconds: 600,
 *   nowSeconds: Math.floor(Date.now() / 1000), random: (count) => crypto.getRandomValues(new Uint8Array(count)),
 * });
 * ```
 */
export async function createDelegationLink(options: CreateLinkOptions): Promise<string> {
  const { lifetimeSeconds, previous } = options;
  if (!Number.isSafeInteger(lifetimeSeconds) || lifetimeSeconds < 1) {
    throw new RangeError(`Expected lifetimeSeconds to be a whole number above zero, got ${lifetimeSeconds}`);
  }
  const iat = Math.floor(options.nowSeconds);
  const earlier = previous === undefined ? [] : previous.split(',').map(parseOrThrow);
  const last = earlier.at(-1);
  const claims: DelegationClaims = {
    v: 1,
    iss: options.delegator,
    sub: options.delegate,
    aud: options.audience,
    iat,
    exp: iat + lifetimeSeconds,
    jti: base64url.encode(options.random(LINK_ID_BYTES)),
    scope: options.scope,
    max_depth: options.maxDepth ?? 0,
    prev: last === undefined ? null : await linkDigest(last.compact),
  };
  const compact = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({
      alg: 'EdDSA',
      typ: DELEGATION_TYPE,
      ...(options.keyId === undefined ? {} : { kid: options.keyId }),
    })
    .sign(options.key);
  const refusal = await checkChain([...earlier, parseOrThrow(compact)]);
  if (refusal) throw new DelegationError(refusal.code, refusal.message);
  return compact;
}

/** The header value for links in order, root first. Each argument is one link or an earlier chain. */
export function joinDelegationChain(...links: readonly string[]): string {
  return links.join(',');
}

function parseOrThrow(compact: string): ParsedLink {
  const parsed = parseLink(compact);
  if (!parsed.ok) throw new DelegationError(parsed.code, parsed.message);
  return parsed.link;
}
