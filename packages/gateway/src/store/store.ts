import type { ScriptTable } from '@smcp/codemode';
import type { ApprovalTable } from './approval-table.ts';
import type { PinTable } from './pin-table.ts';

/**
 * The durable state of a gateway. Every method may be backed by a database elsewhere, so all are asynchronous. One test suite runs on every
 * implementation. Nothing here holds a secret in clear: credentials are keyed hashes, stored secrets are sealed before they arrive.
 */
export interface Store extends AsyncDisposable {
  readonly keys: CredentialTable<StoredKey>;
  readonly agents: CredentialTable<StoredAgent>;
  readonly secrets: SecretTable;
  readonly audit: AuditAnchorTable;
  readonly approvals: ApprovalTable;
  readonly pins: PinTable;
  readonly scripts: ScriptTable;
  /** Small settings such as ids made at first start. */
  getMeta(key: string): Promise<string | undefined>;
  /** Sets `key` only when absent; returns what is stored afterwards. */
  ensureMeta(key: string, value: string): Promise<string>;
  /** A number that grows whenever this process or another one changed keys, agents, secrets, pins or saved scripts, and only then. Cheap: polled every second. */
  revision(): Promise<number>;
}

export interface CredentialTable<T> {
  list(): Promise<readonly T[]>;
  get(name: string): Promise<T | undefined>;
  /** Refuses with `STORE_CONFLICT` when the name is taken, be it by a revoked entry, or when the hash is that of another entry. */
  create(entry: T): Promise<void>;
  /** Returns whether there was one to revoke; a second time there is not. A revoked entry stays listed and can never be used again. */
  revoke(name: string, atIso: string): Promise<boolean>;
}

export interface StoredKey {
  readonly name: string;
  /** Keyed hash of the whole key, hexadecimal. */
  readonly hash: string;
  /** First characters of the key, for people to tell keys apart: prefix plus four. */
  readonly hint: string;
  readonly roles: readonly string[];
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly publicKey?: string;
}

export interface StoredAgent extends StoredKey {
  readonly codeHash: string;
  readonly maxDelegationDepth: number;
  readonly allowedDelegators: readonly string[];
}

export interface SecretTable {
  list(): Promise<readonly { readonly name: string; readonly updatedAt: string }[]>;
  get(name: string): Promise<Uint8Array | undefined>;
  set(name: string, sealed: Uint8Array, atIso: string): Promise<void>;
  delete(name: string): Promise<boolean>;
}

/** What lies outside the audit files so that their cut end is noticed. */
export interface AuditAnchor {
  readonly writer: string;
  /** Sequence number and chain hash of the newest signed checkpoint. */
  readonly sequence: number;
  readonly hash: string;
  /** Chain position before the oldest file that is kept; zero and the genesis hash at first. */
  readonly prunedSequence: number;
  readonly prunedHash: string;
}

export interface AuditAnchorTable {
  list(): Promise<readonly AuditAnchor[]>;
  get(writer: string): Promise<AuditAnchor | undefined>;
  /** Replaces the anchor of the writer; one that would move either position back is ignored. */
  put(anchor: AuditAnchor): Promise<void>;
}

export type StoreErrorCode = 'STORE_CONFLICT' | 'STORE_UNAVAILABLE' | 'STORE_TOO_NEW' | 'STORE_UNSUPPORTED';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
