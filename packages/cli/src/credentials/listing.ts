import type { StoredKey } from '@smcp/gateway';
import type { Column } from '../output/table.ts';

export type CredentialState = 'active' | 'expired' | 'revoked';

/** A stored key or agent for printing. The keyed hash is of no use to anybody and is left out. */
export type Listed<T extends StoredKey> = Omit<T, 'hash'> & {
  readonly id: string;
  readonly state: CredentialState;
  readonly hash: undefined;
};

export function toListed<T extends StoredKey>(kind: 'key' | 'agent', entry: T, now: number): Listed<T> {
  return { id: `${kind}:${entry.name}`, state: stateOf(entry, now), ...entry, hash: undefined };
}

export const LISTED_COLUMNS: readonly Column<Listed<StoredKey>>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'ROLES', cell: ({ roles }) => roles.join(', ') },
  { head: 'TOKEN', cell: ({ hint }) => `${hint}…` },
  { head: 'CREATED', cell: ({ createdAt }) => minute(createdAt) },
  { head: 'EXPIRES', cell: ({ expiresAt }) => (expiresAt === undefined ? 'never' : minute(expiresAt)) },
  { head: 'STATE', cell: ({ state }) => state },
];

function stateOf({ revokedAt, expiresAt }: Omit<StoredKey, 'hash'>, now: number): CredentialState {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt === undefined || now < Date.parse(expiresAt) ? 'active' : 'expired';
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
