import { createPrivateKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** RFC 8410 section 7: everything of a PKCS #8 Ed25519 private key that stands before its 32-byte seed. */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** One key per purpose, so that no value made for one purpose means anything for another. */
export interface DerivedKeys {
  /** HMAC-SHA-256 over presented credentials. */
  readonly hashKey: KeyObject;
  /** AES-256-GCM over stored secrets. */
  readonly vaultKey: KeyObject;
  /** Ed25519 private key that signs audit checkpoints. */
  readonly auditSigningKey: KeyObject;
  /** For what the gateway hands out and later recognises as its own, such as session ids. */
  readonly sessionKey: KeyObject;
  /** AES-256-GCM over what clients bring back: the state of a call, the id of a task. */
  readonly stateKey: KeyObject;
}

/**
 * Derives the keys of a gateway from its master key by HKDF-SHA-256 (RFC 5869) with a separate info label each. Labels are versioned: changing one
 * makes everything done under the old one unreadable.
 *
 * @param master 32 random bytes.
 */
export function deriveKeys(master: Uint8Array): DerivedKeys {
  if (master.byteLength !== KEY_BYTES)
    throw new RangeError(`Master key has ${master.byteLength} bytes, not ${KEY_BYTES}`);
  const derive = (label: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, new Uint8Array(0), `smcp/${label}/v1`, KEY_BYTES));
  return {
    hashKey: createSecretKey(derive('credential-hash')),
    vaultKey: createSecretKey(derive('vault')),
    auditSigningKey: createPrivateKey({
      key: Buffer.concat([ED25519_PKCS8_PREFIX, derive('audit-signing')]),
      format: 'der',
      type: 'pkcs8',
    }),
    sessionKey: createSecretKey(derive('session')),
    stateKey: createSecretKey(derive('state')),
  };
}
