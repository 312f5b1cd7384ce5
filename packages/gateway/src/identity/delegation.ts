import { compilePatternSet } from '@smcp/policy';
import type { DelegationGrant, PatternSet } from '@smcp/policy';
import { verifyDelegationChain } from '@smcp/protocol';
import type { VerifiedLink } from '@smcp/protocol';
import { credentialState } from './credential.ts';
import type { Credential } from './credential.ts';
import type { Registry } from './registry.ts';

const CLOCK_SKEW_SECONDS = 30;

export type DelegationOutcome =
  | {
      readonly ok: true;
      /** Root delegator first. */
      readonly grants: readonly DelegationGrant[];
      /** Everybody whose authority the chain needs: the delegators. */
      readonly delegators: readonly Credential[];
      readonly expiresAtMs: number;
    }
  | {
      readonly ok: false;
      /** The failing link, counted from 1; undefined when the chain may not be presented at all. */
      readonly link: number | undefined;
      readonly detail: string;
    };

/**
 * Checks the chain that an agent presents against what is registered about everybody in it: signatures by their registered keys, delegators current and
 * accepted by their delegates, and each agent's own longest chain kept.
 *
 * @throws whatever `registry` throws; the caller refuses then.
 */
export async function resolveDelegation(
  header: string,
  presenter: Credential,
  context: { readonly registry: Registry; readonly audience: string; readonly nowMs: number },
): Promise<DelegationOutcome> {
  const { registry, audience, nowMs } = context;
  const maxLinks = presenter.agent?.maxDelegationDepth ?? 0;
  if (maxLinks === 0) return refuse(undefined, 'PRESENTER', 'the presenter may not act for others');
  const chain = await verifyDelegationChain(header, {
    audience,
    presenter: presenter.principal.id,
    nowSeconds: nowMs / 1000,
    keyOf: async (principalId) => registry.findById(principalId)?.publicKey,
    maxLinks,
    clockSkewSeconds: CLOCK_SKEW_SECONDS,
  });
  if (!chain.ok) return { ok: false, link: chain.link + 1, detail: `${chain.code}: ${chain.message}` };

  const grants: DelegationGrant[] = [];
  const delegators: Credential[] = [];
  let expiresAtSeconds = Number.POSITIVE_INFINITY;
  for (const [index, link] of chain.links.entries()) {
    const number = index + 1;
    const delegator = registry.findById(link.delegator);
    const delegate = registry.findById(link.delegate);
    const state = delegator === undefined ? 'unknown' : credentialState(delegator, nowMs);
    if (delegator === undefined || state !== 'current') {
      return refuse(number, 'DELEGATOR', `delegator ${link.delegator} is ${state}`);
    }
    if (delegate?.agent === undefined) {
      return refuse(number, 'DELEGATE', `${link.delegate} is not a registered agent`);
    }
    if (!delegate.agent.allowedDelegators.has(link.delegator)) {
      return refuse(number, 'NOT_ALLOWED', `${link.delegate} does not accept ${link.delegator}`);
    }
    if (number > delegate.agent.maxDelegationDepth) {
      return refuse(
        number,
        'TOO_DEEP',
        `${link.delegate} accepts ${delegate.agent.maxDelegationDepth} links`,
      );
    }
    const scope = ifScope(link);
    if (scope === undefined) return refuse(number, 'SCOPE', 'a pattern of the scope cannot be read');
    grants.push(Object.freeze({ delegator: link.delegator, roles: delegator.principal.roles, scope }));
    delegators.push(delegator);
    expiresAtSeconds = Math.min(expiresAtSeconds, link.expiresAtSeconds);
  }
  const expiresAtMs = (expiresAtSeconds + CLOCK_SKEW_SECONDS) * 1000;
  return { ok: true, grants: Object.freeze(grants), delegators, expiresAtMs };
}

function ifScope(link: VerifiedLink): PatternSet | undefined {
  try {
    return compilePatternSet(link.scope);
  } catch {
    // The delegator signed a pattern that means nothing here; what means nothing allows nothing.
    return undefined;
  }
}

function refuse(link: number | undefined, code: string, detail: string): DelegationOutcome {
  return { ok: false, link, detail: `DELEGATION_${code}: ${detail}` };
}
