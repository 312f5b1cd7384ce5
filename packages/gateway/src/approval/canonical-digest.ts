import { createHash } from 'node:crypto';
import { writeCanonical, type JsonValue } from '@smcp/protocol';

/** Hashing a few letters at a time would take many times as long. */
const CHUNK_LENGTH = 16 * 1024;

/**
 * `sha256:` and 64 hexadecimal digits over the canonical form of a value.
 *
 * @param domain What the digest is of; digests of different domains never meet. Without line breaks.
 */
export function canonicalDigest(domain: string, value: JsonValue): string {
  const hash = createHash('sha256');
  let chunk = `${domain}\n`;
  writeCanonical(value, (text) => {
    chunk += text;
    if (chunk.length < CHUNK_LENGTH) return;
    hash.update(chunk);
    chunk = '';
  });
  return `sha256:${hash.update(chunk).digest('hex')}`;
}
