import { createHash } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@smcp/protocol';

/**
 * A JSON value in its one canonical form: no white space, members in the order of the code units of their keys, numbers as JavaScript writes them, a zero with
 * its sign. Values that mean the same give the same text, others never do. Takes what `readJson` gave within bounds of depth.
 */
export function canonicalText(value: JsonValue): string {
  if (isJsonObject(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null)}`).join(',')}}`;
  }
  if (typeof value === 'object' && value !== null) return `[${value.map(canonicalText).join(',')}]`;
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/**
 * `sha256:` and 64 hexadecimal digits over the canonical form.
 *
 * @param domain What the digest is of; digests of different domains never meet. Without line breaks.
 */
export function canonicalDigest(domain: string, value: JsonValue): string {
  return `sha256:${createHash('sha256')
    .update(`${domain}\n${canonicalText(value)}`)
    .digest('hex')}`;
}
