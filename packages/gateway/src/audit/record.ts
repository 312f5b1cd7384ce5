import { hash } from 'node:crypto';
import type { AuditRecord, RecordedEntry } from './audit-log.ts';
import { isJsonObject } from '@smcp/protocol';

/** Where a chain stands: number and hash of its newest record. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string;
}

/** Longest line that is read back; a written one is far shorter. */
export const MAX_LINE_BYTES = 1024 * 1024;

// `{"seq":7,"prev":"…","entry":{…}` is what the hash covers, byte for byte; the rest of the line has a fixed length.
const LINE =
  /^\{"seq":([1-9][0-9]{0,14}),"prev":"([0-9a-f]{64})","entry":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s;
const HASH_SUFFIX_BYTES = ',"hash":""}'.length + 64;

export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** `sha256:` and 64 hexadecimal digits over the UTF-8 bytes of a text. */
export function digestArguments(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

/** Where the chain of a writer begins. It holds the writer's name, so that the files of one writer never pass for those of another. */
export function genesis(writer: string): ChainPosition {
  return { seq: 0, hash: sha256Hex(`smcp/audit/genesis/v1\n${writer}`) };
}

/** The line, newline included, that continues a chain with an entry in JSON; and where the chain stands then. */
export function formatRecord(
  after: ChainPosition,
  entryJson: string,
): { readonly line: string; readonly position: ChainPosition } {
  const seq = after.seq + 1;
  const body = `{"seq":${seq},"prev":"${after.hash}","entry":${entryJson}`;
  const digest = sha256Hex(body);
  return { line: `${body},"hash":"${digest}"}\n`, position: { seq, hash: digest } };
}

export interface ParsedLine {
  readonly seq: number;
  readonly prev: string;
  /** The hash that the line claims. */
  readonly hash: string;
  /** Whether that is the hash of its bytes. */
  readonly intact: boolean;
  /** Undefined when it is not an entry of a known shape. */
  readonly entry: RecordedEntry | undefined;
}

/** Reads one line without its newline; undefined when it is not a record at all. Says nothing about its place in the chain. */
export function ifRecordLine(bytes: Uint8Array): ParsedLine | undefined {
  if (bytes.byteLength > MAX_LINE_BYTES) return undefined;
  const match = LINE.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  if (match === null) return undefined;
  const [, seq = '', prev = '', entryJson = '', claimed = ''] = match;
  let entry: unknown;
  try {
    entry = JSON.parse(entryJson);
  } catch {
    return undefined;
  }
  const intact = sha256Hex(bytes.subarray(0, -HASH_SUFFIX_BYTES)) === claimed;
  return { seq: Number(seq), prev, hash: claimed, intact, entry: isRecordedEntry(entry) ? entry : undefined };
}

export function toAuditRecord(writer: string, line: ParsedLine): AuditRecord | undefined {
  if (line.entry === undefined) return undefined;
  return { writer, seq: line.seq, prev: line.prev, hash: line.hash, entry: line.entry };
}

const TEXT_FIELDS: Readonly<Record<RecordedEntry['type'], readonly string[]>> = {
  call: ['call', 'principal', 'tenant', 'door', 'server', 'kind', 'name', 'method'],
  refusal: ['call', 'principal', 'tenant', 'door', 'server', 'kind', 'name', 'method', 'code'],
  outcome: ['call', 'outcome'],
  auth: ['source', 'code'],
  system: ['event'],
  checkpoint: ['writer', 'hash', 'key', 'signature'],
};

/** Checks what readers rely on; a file may have been edited by anyone. */
function isRecordedEntry(value: unknown): value is RecordedEntry {
  if (!isJsonObject(value)) return false;
  const type = value['type'];
  if (typeof type !== 'string' || typeof value['time'] !== 'string' || !Object.hasOwn(TEXT_FIELDS, type))
    return false;
  const fields = Object.entries(TEXT_FIELDS).find(([name]) => name === type)?.[1] ?? [];
  if (!fields.every((field) => typeof value[field] === 'string')) return false;
  if (type === 'checkpoint') return Number.isSafeInteger(value['sequence']);
  if (type !== 'call' && type !== 'refusal') return true;
  const decision = value['decision'];
  return isJsonObject(decision) && typeof decision['effect'] === 'string';
}
