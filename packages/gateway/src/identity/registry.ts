import { timingSafeEqual } from 'node:crypto';
import type { PrincipalKind } from '@smcp/policy';
import type { AgentConfig, ApiKeyConfig } from '../config/schema.ts';
import type { StoredAgent, StoredKey } from '../store/store.ts';
import {
  fromAgentConfig,
  fromKeyConfig,
  fromStoredAgent,
  fromStoredKey,
  type Credential,
  type HashToken,
} from './credential.ts';
import { IdentityError } from './identity-error.ts';

/** A principal as operators and the policy lint see it. */
export interface ListedPrincipal {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly roles: readonly string[];
  /** ISO 8601. */
  readonly expiresAt?: string;
  /** Start of the token, as far as people may see it; may be empty. */
  readonly hint: string;
  readonly source: 'file' | 'store';
}

/** All credentials at one moment. Immutable: a change makes a new one. */
export interface Registry {
  findByHash(hash: string): Credential | undefined;
  findById(principalId: string): Credential | undefined;
  /** Everybody who is not revoked, in order of id. */
  list(): readonly ListedPrincipal[];
}

/**
 * Credentials of the configuration file.
 *
 * @throws {IdentityError} `IDENTITY_NAME_TAKEN` or `IDENTITY_TOKEN_REUSED` when two entries share a name or token, `IDENTITY_INVALID` for an
 *   unreadable date or public key.
 */
export function readFileCredentials(
  config: { readonly apiKeys: readonly ApiKeyConfig[]; readonly agents: readonly AgentConfig[] },
  hashToken: HashToken,
): readonly Credential[] {
  const credentials = [
    ...config.apiKeys.map((entry) => fromKeyConfig(entry, hashToken)),
    ...config.agents.map((entry) => fromAgentConfig(entry, hashToken)),
  ];
  const byId = new Set<string>();
  const byHash = new Map<string, string>();
  for (const { hash, principal } of credentials) {
    if (byId.has(principal.id)) {
      throw new IdentityError('IDENTITY_NAME_TAKEN', `Two entries of the configuration are ${principal.id}`);
    }
    const other = byHash.get(hash);
    if (other !== undefined) {
      throw new IdentityError('IDENTITY_TOKEN_REUSED', `${other} and ${principal.id} have the same token`);
    }
    byId.add(principal.id);
    byHash.set(hash, principal.id);
  }
  return credentials;
}

export function toStoreCredentials(
  keys: readonly StoredKey[],
  agents: readonly StoredAgent[],
): readonly Credential[] {
  return [...keys.map(fromStoredKey), ...agents.map(fromStoredAgent)];
}

/**
 * Joins both lists. Where the store has what the file has, id or token, the file's entry counts alone. A credential that `previous` had just
 * the same stays the same object.
 */
export function buildRegistry(
  file: readonly Credential[],
  store: readonly Credential[],
  previous?: Registry,
): Registry {
  const byHash = new Map<string, Credential>();
  const byId = new Map<string, Credential>();
  for (const fresh of [...file, ...store]) {
    if (byHash.has(fresh.hash) || byId.has(fresh.principal.id)) continue;
    const former = previous?.findByHash(fresh.hash);
    const credential = former?.fingerprint === fresh.fingerprint ? former : fresh;
    byHash.set(credential.hash, credential);
    byId.set(credential.principal.id, credential);
  }
  return {
    findByHash: (hash) => {
      const found = byHash.get(hash);
      return found && isSameHash(found.hashBytes, hash) ? found : undefined;
    },
    findById: (principalId) => byId.get(principalId),
    list: () =>
      [...byId.values()]
        .filter((credential) => !credential.revoked)
        .map(toListed)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/**
 * @throws {IdentityError} `IDENTITY_NAME_TAKEN` when a name of the file belongs to an entry of the store that is not revoked.
 */
export function refuseNameClash(file: readonly Credential[], store: readonly Credential[]): void {
  const stored = new Set(store.filter((entry) => !entry.revoked).map((entry) => entry.principal.id));
  const clash = file.find((entry) => stored.has(entry.principal.id));
  if (!clash) return;
  throw new IdentityError(
    'IDENTITY_NAME_TAKEN',
    `${clash.principal.id} is in the configuration and in the store; rename or revoke one`,
  );
}

/**
 * NOTE: the search above compares keyed hashes byte by byte, and may: without the key nobody can choose a token whose hash comes near a stored one, so
 * the time taken says nothing about any token. This comparison makes the last word constant in time whatever the map does.
 */
function isSameHash(expected: Uint8Array, hash: string): boolean {
  const actual = Buffer.from(hash);
  return actual.byteLength === expected.byteLength && timingSafeEqual(actual, expected);
}

function toListed({ principal, expiresAtMs, hint, source }: Credential): ListedPrincipal {
  const expiry = Number.isFinite(expiresAtMs) ? { expiresAt: new Date(expiresAtMs).toISOString() } : {};
  return { id: principal.id, kind: principal.kind, roles: principal.roles, ...expiry, hint, source };
}
