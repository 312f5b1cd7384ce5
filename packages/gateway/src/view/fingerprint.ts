import { createHash } from 'node:crypto';

/** Equal for equal parts, in the same order, and for no others. Names are any text, so they are hashed as a list and not joined. */
export function fingerprintOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
