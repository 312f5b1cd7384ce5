import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { JWK } from 'jose';
import { IssuerError } from './issuer-error.ts';

const MAX_KEYS = 100;
const MAX_TEXT = 4096;

/** Public keys of an issuer at one moment. */
export interface KeySet {
  readonly keys: readonly JWK[];
  readonly kids: ReadonlySet<string>;
}

/** RFC 7518 section 6: the members of a public key, by type. A symmetric key has no place here. */
const PUBLIC_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};

/**
 * Takes the keys for signatures out of a JWK Set. Keys of other kinds and uses are left out, and so are keys whose private half is published.
 *
 * @throws {IssuerError} `ISSUER_DOCUMENT_INVALID` when it is no JWK Set, has over 100 keys, or none that can check a signature.
 */
export function readKeySet(document: unknown): KeySet {
  const listed = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(listed)) throw new IssuerError('ISSUER_DOCUMENT_INVALID', 'The keys are no JWK Set');
  if (listed.length > MAX_KEYS) {
    throw new IssuerError('ISSUER_DOCUMENT_INVALID', `The JWK Set has over ${MAX_KEYS} keys`);
  }
  const keys = listed.flatMap((entry: unknown) => {
    const key = isJsonObject(entry) ? ifSignatureKey(entry) : undefined;
    return key === undefined ? [] : [key];
  });
  if (keys.length === 0) {
    throw new IssuerError('ISSUER_DOCUMENT_INVALID', 'The JWK Set has no public key for signatures');
  }
  const kids = new Set(keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])));
  return Object.freeze({ keys: Object.freeze(keys), kids });
}

function ifSignatureKey(entry: JsonObject): JWK | undefined {
  const { kty, kid, alg, use, key_ops: operations } = entry;
  if (typeof kty !== 'string' || !Object.hasOwn(PUBLIC_MEMBERS, kty) || Object.hasOwn(entry, 'd')) {
    return undefined;
  }
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return undefined;
  }
  const key: Record<string, string> = { kty };
  for (const [name, value] of [['kid', kid] as const, ['alg', alg] as const]) {
    if (value === undefined) continue;
    if (!isText(value)) return undefined;
    key[name] = value;
  }
  for (const name of PUBLIC_MEMBERS[kty] ?? []) {
    const value = entry[name];
    if (!isText(value)) return undefined;
    key[name] = value;
  }
  return Object.freeze(key);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}
