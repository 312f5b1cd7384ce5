import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors } from 'jose';
import type { LocalJWKSet } from 'jose';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { KeySet } from './key-set.ts';

/** Header and claims as they are written, which nobody has vouched for yet. */
export interface DecodedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Undefined when the text is no JWT. */
export function decodeToken(token: string): DecodedToken | undefined {
  try {
    const header: unknown = decodeProtectedHeader(token);
    const claims: unknown = decodeJwt(token);
    return isJsonObject(header) && isJsonObject(claims) ? { header, claims } : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

export type SignatureResult = { readonly ok: true } | { readonly ok: false; readonly detail: string };

// Imported keys are kept as long as the set that they came with.
const finders = new WeakMap<KeySet, LocalJWKSet>();

/**
 * Whether one of `keys` made the signature, with one of `algorithms`. The key is chosen by the `kid` and `alg` of the header among those given; nothing
 * in the token can bring another.
 */
export async function checkSignature(
  token: string,
  keys: KeySet,
  algorithms: readonly string[],
): Promise<SignatureResult> {
  const finder = finders.get(keys) ?? createLocalJWKSet({ keys: [...keys.keys] });
  finders.set(keys, finder);
  try {
    await compactVerify(token, finder, { algorithms: [...algorithms] });
    return { ok: true };
  } catch (error) {
    // A `TypeError` or `DataError` is a published key that is too weak or broken.
    if (error instanceof errors.JOSEError) return { ok: false, detail: error.code };
    if (error instanceof TypeError || error instanceof DOMException)
      return { ok: false, detail: 'unusable key' };
    throw error;
  }
}
