import { base64url } from 'jose';

/**
 * Decodes base64url, accepting only the one canonical spelling: no padding, no whitespace, unused bits zero. Otherwise two different texts would
 * carry the same signature.
 */
export function ifBase64url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = base64url.decode(text);
  } catch {
    // Only a length that no encoder produces gets here.
    return undefined;
  }
  return base64url.encode(bytes) === text ? bytes : undefined;
}
