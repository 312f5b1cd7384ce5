import { exportJWK, generateKeyPair, importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import { ifBase64url } from './canonical-base64url.ts';

/** A private Ed25519 key, RFC 8037 section 2. */
export interface DelegationPrivateKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly d: string;
}

const KEY_BYTES = 32;

/**
 * Makes a key pair for signing delegations.
 *
 * @returns `privateKey` for the delegator alone; `publicKey`, the JWK member `x`, to be registered at the gateway.
 */
export async function generateDelegationKey(): Promise<{
  readonly privateKey: DelegationPrivateKey;
  readonly publicKey: string;
}> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(pair.privateKey);
  if (x === undefined || d === undefined)
    throw new TypeError('The platform made an Ed25519 key without x or d');
  return { privateKey: { kty: 'OKP', crv: 'Ed25519', x, d }, publicKey: x };
}

/** Whether `text` has the form of a public key: 32 bytes in canonical base64url. Does not check that the bytes are a point of the curve. */
export function isDelegationPublicKey(text: string): boolean {
  return ifBase64url(text)?.length === KEY_BYTES;
}

/** @throws {TypeError} when `publicKey` is not a public key. */
export async function importPublicKey(publicKey: string): Promise<CryptoKey> {
  if (!isDelegationPublicKey(publicKey))
    throw new TypeError('An Ed25519 public key is 32 bytes in base64url');
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA');
  if (key instanceof Uint8Array) throw new TypeError('An Ed25519 public key was read as a secret');
  return key;
}
