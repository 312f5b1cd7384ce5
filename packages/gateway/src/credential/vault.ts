import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Home } from '../home/index.ts';
import type { Store } from '../store/index.ts';

/**
 * Secrets at rest: sealed with a key of the state folder before they reach the store.
 *
 * Promises: a value is opened only under the name it was set for, so exchanged or edited rows fail; values never appear in errors; names are not secret.
 */
export interface Vault {
  /**
   * Sets or replaces a secret.
   *
   * @param name 1 to 64 letters, digits, `_`, `.` or `-`, starting with a letter or digit.
   * @param value Not empty, at most 64 KiB in UTF-8.
   * @throws {VaultError} `VAULT_NAME_INVALID`, `VAULT_VALUE_INVALID`.
   */
  set(name: string, value: string): Promise<void>;
  /**
   * @returns The value, or undefined when there is none of this name.
   * @throws {VaultError} `VAULT_UNREADABLE` when it was sealed with another master key, or was changed since.
   */
  get(name: string): Promise<string | undefined>;
  /** Names in alphabetical order, with the moment each was last set (ISO 8601). */
  list(): Promise<readonly { readonly name: string; readonly updatedAt: string }[]>;
  /** Returns whether there was one. */
  delete(name: string): Promise<boolean>;
}

export type VaultErrorCode = 'VAULT_NAME_INVALID' | 'VAULT_VALUE_INVALID' | 'VAULT_UNREADABLE';

export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface VaultOptions {
  readonly home: Pick<Home, 'vaultKey'>;
  readonly store: Pick<Store, 'secrets'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const MAX_VALUE_BYTES = 64 * 1024;

// A sealed value: one version byte, nonce, ciphertext, tag. NIST SP 800-38D: a 96-bit random nonce is safe far beyond the number of secrets ever set.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Opens the vault of a state folder; holds nothing open. */
export function createVault({ home, store, clock }: VaultOptions): Vault {
  const seal = (name: string, value: Uint8Array): Uint8Array => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, home.vaultKey, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(name));
    return Buffer.concat([
      Buffer.of(VERSION),
      nonce,
      cipher.update(value),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  };
  const open = (name: string, sealed: Uint8Array): string => {
    if (sealed[0] !== VERSION || sealed.byteLength < 1 + NONCE_BYTES + TAG_BYTES) throw unreadable(name);
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, home.vaultKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(name));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const value = decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([value, decipher.final()]).toString('utf8');
    } catch (error) {
      throw unreadable(name, error);
    }
  };
  return {
    set: async (name, value) => {
      checkName(name);
      await store.secrets.set(name, seal(name, toBytes(name, value)), new Date(clock()).toISOString());
    },
    get: async (name) => {
      const sealed = NAME.test(name) ? await store.secrets.get(name) : undefined;
      return sealed === undefined ? undefined : open(name, sealed);
    },
    list: () => store.secrets.list(),
    delete: (name) => store.secrets.delete(name),
  };
}

function boundTo(name: string): Uint8Array {
  return Buffer.from(`smcp/vault/v${VERSION}/${name}`, 'utf8');
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  const wanted = '1 to 64 letters, digits, "_", "." or "-", starting with a letter or digit';
  throw new VaultError(
    'VAULT_NAME_INVALID',
    `Secret name ${JSON.stringify(name.slice(0, 80))} is not ${wanted}`,
  );
}

function toBytes(name: string, value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_VALUE_BYTES) {
    throw new VaultError(
      'VAULT_VALUE_INVALID',
      `Secret ${name} has ${bytes.byteLength} bytes, not 1 to ${MAX_VALUE_BYTES}`,
    );
  }
  if (!value.isWellFormed())
    throw new VaultError('VAULT_VALUE_INVALID', `Secret ${name} is not well-formed Unicode text`);
  return bytes;
}

function unreadable(name: string, cause?: unknown): VaultError {
  return new VaultError(
    'VAULT_UNREADABLE',
    `Secret ${name} cannot be opened: it was sealed with another master key or changed since; set it again, or restore the key`,
    { cause },
  );
}
