import { AuditError, type AuditEntry } from './audit-log.ts';
import { digestArguments } from './record.ts';

/** Largest entry in UTF-8; its line adds less than 300 bytes. */
const MAX_ENTRY_BYTES = 256 * 1024;
const MAX_ERROR_LENGTH = 4096;

/**
 * One entry as JSON on one line, at most `MAX_ENTRY_BYTES`.
 *
 * What is too large is shortened where the record keeps its meaning: arguments give way to a note with their digest, details to a note, an error text to its
 * beginning. Who, what and the decision are never shortened.
 *
 * @throws {AuditError} `AUDIT_TOO_LARGE` when it is still too large, `AUDIT_INVALID` when it has no JSON form.
 */
export function serializeEntry(entry: AuditEntry): string {
  const whole = ifJson(entry);
  if (whole !== undefined && fits(whole)) return whole;
  const shortened = ifJson(shorten(entry));
  if (shortened === undefined)
    throw new AuditError('AUDIT_INVALID', `Entry of type ${entry.type} cannot be written as JSON`);
  if (fits(shortened)) return shortened;
  throw new AuditError(
    'AUDIT_TOO_LARGE',
    `Entry of type ${entry.type} is larger than ${MAX_ENTRY_BYTES} bytes`,
  );
}

function shorten(entry: AuditEntry): AuditEntry {
  switch (entry.type) {
    case 'call':
    case 'refusal':
      return entry.arguments === undefined
        ? entry
        : { ...entry, arguments: noteFor(entry.arguments, entry.argumentsDigest) };
    case 'outcome':
      return entry.error === undefined ? entry : { ...entry, error: entry.error.slice(0, MAX_ERROR_LENGTH) };
    case 'system':
      return entry.detail === undefined ? entry : { ...entry, detail: noteFor(entry.detail) };
    case 'auth':
      break;
  }
  return entry;
}

function noteFor(value: unknown, knownDigest?: string): Readonly<Record<string, string>> {
  const json = ifJson(value);
  if (json === undefined)
    return { note: 'left out: no JSON form', ...(knownDigest === undefined ? {} : { digest: knownDigest }) };
  return { note: `left out: ${Buffer.byteLength(json)} bytes`, digest: knownDigest ?? digestArguments(json) };
}

function ifJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A cycle, a BigInt or nesting deeper than the stack: the caller decides what to do without it.
    return undefined;
  }
}

function fits(json: string): boolean {
  // No UTF-16 code unit takes more than three bytes of UTF-8.
  return json.length * 3 <= MAX_ENTRY_BYTES || Buffer.byteLength(json) <= MAX_ENTRY_BYTES;
}
