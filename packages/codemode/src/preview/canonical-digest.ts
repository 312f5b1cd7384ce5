import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@smcp/protocol';

/**
 * `sha256:` and 64 hexadecimal digits over the canonical form.
 *
 * @param domain What the digest is of; digests of different domains never meet. Without line breaks.
 */
export function canonicalDigest(domain: string, value: JsonValue): string {
  return `sha256:${createHash('sha256')
    .update(`${domain}\n${canonicalJson(value)}`)
    .digest('hex')}`;
}
