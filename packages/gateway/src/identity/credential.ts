import { isDelegationPublicKey } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { AgentConfig, ApiKeyConfig } from '../config/schema.ts';
import type { StoredAgent, StoredKey } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import { tokenHint } from './token.ts';

/** HMAC of a token under the key of this gateway, hexadecimal. */
export type HashToken = (token: string) => string;

/** What stands behind one token. Immutable; the token itself is not in it. */
export interface Credential {
  /** Keyed hash of the token. */
  readonly hash: string;
  readonly hashBytes: Uint8Array;
  readonly hint: string;
  readonly source: 'file' | 'store';
  /** The one object that this credential gives while it lasts unchanged, so that caches can key on it. */
  readonly principal: Principal;
  /** From this moment on it is refused; infinite without expiry, not a number (refused always) when unreadable. */
  readonly expiresAtMs: number;
  readonly revoked: boolean;
  readonly publicKey: string | undefined;
  /** Present for agents. */
  readonly agent: AgentTerms | undefined;
  /** Equal for two credentials exactly when everything above is. */
  readonly fingerprint: string;
}

export interface AgentTerms {
  readonly codeHash: string;
  readonly maxDelegationDepth: number;
  readonly allowedDelegators: ReadonlySet<string>;
}

export type CredentialState = 'current' | 'expired' | 'revoked';

export function credentialState(credential: Credential, nowMs: number): CredentialState {
  if (credential.revoked) return 'revoked';
  // Written so that a time that is not a number counts as expired.
  return nowMs < credential.expiresAtMs ? 'current' : 'expired';
}

/** @throws {IdentityError} `IDENTITY_INVALID` for an unreadable date or public key. */
export function fromKeyConfig(entry: ApiKeyConfig, hashToken: HashToken): Credential {
  return fromFile('key', entry, entry.key, hashToken);
}

/** @throws {IdentityError} `IDENTITY_INVALID` for an unreadable date or public key. */
export function fromAgentConfig(entry: AgentConfig, hashToken: HashToken): Credential {
  return fromFile('agent', entry, entry.token, hashToken, {
    codeHash: entry.code_hash,
    maxDelegationDepth: entry.max_delegation_depth,
    allowedDelegators: entry.allowed_delegators,
  });
}

export function fromStoredKey(entry: StoredKey): Credential {
  return fromStore('key', entry);
}

export function fromStoredAgent(entry: StoredAgent): Credential {
  return fromStore('agent', entry, entry);
}

interface ListedTerms {
  readonly codeHash: string;
  readonly maxDelegationDepth: number;
  readonly allowedDelegators: readonly string[];
}

function fromFile(
  kind: 'key' | 'agent',
  entry: ApiKeyConfig | AgentConfig,
  token: string,
  hashToken: HashToken,
  terms?: ListedTerms,
): Credential {
  const expiresAtMs = toExpiryMs(entry.expires);
  if (Number.isNaN(expiresAtMs)) {
    throw new IdentityError('IDENTITY_INVALID', `Expiry of ${kind}:${entry.name} is not a date`);
  }
  if (entry.public_key !== undefined && !isDelegationPublicKey(entry.public_key)) {
    throw new IdentityError('IDENTITY_INVALID', `Public key of ${kind}:${entry.name} is not an Ed25519 key`);
  }
  return build({
    id: `${kind}:${entry.name}`,
    kind,
    hash: hashToken(token),
    hint: tokenHint(token),
    source: 'file',
    roles: [...new Set([...(entry.role === undefined ? [] : [entry.role]), ...(entry.roles ?? [])])],
    expiresAtMs,
    revoked: false,
    publicKey: entry.public_key,
    terms,
  });
}

function fromStore(kind: 'key' | 'agent', entry: StoredKey, terms?: ListedTerms): Credential {
  return build({
    id: `${kind}:${entry.name}`,
    kind,
    hash: entry.hash,
    hint: entry.hint,
    source: 'store',
    roles: entry.roles,
    expiresAtMs: toExpiryMs(entry.expiresAt),
    revoked: entry.revokedAt !== undefined,
    publicKey: entry.publicKey,
    terms,
  });
}

interface Parts {
  readonly id: string;
  readonly kind: 'key' | 'agent';
  readonly hash: string;
  readonly hint: string;
  readonly source: 'file' | 'store';
  readonly roles: readonly string[];
  readonly expiresAtMs: number;
  readonly revoked: boolean;
  readonly publicKey: string | undefined;
  readonly terms: ListedTerms | undefined;
}

function build(parts: Parts): Credential {
  const { id, kind, hash, hint, source, expiresAtMs, revoked, publicKey, terms } = parts;
  const agent = terms && {
    codeHash: terms.codeHash,
    maxDelegationDepth: terms.maxDelegationDepth,
    allowedDelegators: new Set(terms.allowedDelegators),
  };
  const roles = Object.freeze([...parts.roles]);
  const listedTerms = agent && [agent.codeHash, agent.maxDelegationDepth, ...agent.allowedDelegators];
  return Object.freeze({
    hash,
    hashBytes: Buffer.from(hash),
    hint,
    source,
    principal: Object.freeze({ id, kind, tenant: 'default', roles }),
    expiresAtMs,
    revoked,
    publicKey,
    agent: agent && Object.freeze(agent),
    // `String` keeps an infinite expiry apart from an unreadable one; JSON writes null for both.
    fingerprint: JSON.stringify([
      id,
      hash,
      hint,
      source,
      roles,
      String(expiresAtMs),
      revoked,
      publicKey ?? null,
      listedTerms ?? null,
    ]),
  });
}

/** A plain date means its midnight in UTC. */
function toExpiryMs(text: string | undefined): number {
  return text === undefined ? Number.POSITIVE_INFINITY : Date.parse(text);
}
