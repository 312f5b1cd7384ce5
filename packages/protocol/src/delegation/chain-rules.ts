import { base64url } from 'jose';
import type { DelegationRefusal } from './delegation.ts';
import type { ParsedLink } from './parse-link.ts';

/**
 * What must hold between the links of a chain, whoever looks at it: each continues the one before, nobody appears twice, and authority, lifetime
 * and depth only shrink. The maker of a link and the gateway both ask here.
 */
export async function checkChain(links: readonly ParsedLink[]): Promise<DelegationRefusal | undefined> {
  const seen = new Set<string>();
  let previous: ParsedLink | undefined;
  for (const [index, link] of links.entries()) {
    const { claims } = link;
    const refuse = (code: DelegationRefusal['code'], message: string): DelegationRefusal => ({
      ok: false,
      link: index,
      code,
      message,
    });
    if (previous && claims.iss !== previous.claims.sub) {
      return refuse('DELEGATION_BROKEN', 'The delegator is not the delegate of the previous link');
    }
    const digest = previous ? await linkDigest(previous.compact) : null;
    if (claims.prev !== digest) {
      return refuse('DELEGATION_PREVIOUS', '`prev` is not the digest of the previous link');
    }
    seen.add(claims.iss);
    if (seen.has(claims.sub)) return refuse('DELEGATION_LOOP', 'A principal appears twice in the chain');
    // Each step down by at least one also bounds the number of links that follow any link.
    if (previous && claims.max_depth >= previous.claims.max_depth) {
      return refuse('DELEGATION_DEPTH', 'The previous link does not allow as many further links');
    }
    if (previous && claims.aud !== previous.claims.aud) {
      return refuse('DELEGATION_AUDIENCE', 'The audience is not that of the previous link');
    }
    if (previous && claims.exp > previous.claims.exp) {
      return refuse('DELEGATION_OUTLIVES', 'The link outlives the previous one');
    }
    previous = link;
  }
  return undefined;
}

/** The value of `prev` in the link after `compact`. */
export async function linkDigest(compact: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(compact));
  return base64url.encode(new Uint8Array(digest));
}
