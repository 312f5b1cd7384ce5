import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Store } from '../store/index.ts';
import { ChainCheck, type AuditProblem } from './chain-check.ts';
import { linesForward } from './read-lines.ts';
import { listSegments, listWriters } from './segments.ts';
import { hasCode } from '../lib/has-code.ts';

export interface VerifyOptions {
  /** Folder of all writers. */
  readonly directory: string;
  readonly store: Pick<Store, 'audit'>;
  /** The Ed25519 public key of this gateway. */
  readonly publicKey: KeyObject;
}

export interface WriterVerdict {
  readonly writer: string;
  readonly records: number;
  readonly segments: number;
  readonly checkpoints: number;
  /** Number of the newest record that a good signature covers. Later ones are chained, but not yet signed. */
  readonly signedThrough: number;
  /** Times of the first and last record, ISO 8601. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** At most a thousand. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
  /** What is worth knowing and no problem, such as a line that is being written at this moment. */
  readonly notes: readonly string[];
}

export interface AuditVerdict {
  /** True when no writer has a problem. */
  readonly ok: boolean;
  readonly writers: readonly WriterVerdict[];
}

/** A running writer may remove old files while they are read; then its folder is read again. */
const MAX_ATTEMPTS = 10;

/**
 * Finds every changed, missing, reordered or repeated record, a cut end, and a missing file or writer. Reads files line by line; a writer may be running.
 *
 * Does not notice records replaced after the newest checkpoint (see `signedThrough`), or a consistent older copy of files and store together: export
 * records elsewhere against that.
 *
 * @throws {StoreError} When anchors cannot be read, and file system errors when files cannot.
 */
export async function verifyAudit({ directory, store, publicKey }: VerifyOptions): Promise<AuditVerdict> {
  const anchors = await store.audit.list();
  const present = listWriters(directory);
  const writers: WriterVerdict[] = [];
  for (const writer of present)
    writers.push(await verifyWriter(join(directory, writer), writer, store, publicKey));
  for (const { writer, sequence } of anchors) {
    if (!present.includes(writer)) writers.push(missingWriter(writer, sequence));
  }
  writers.sort((one, other) => (one.writer < other.writer ? -1 : 1));
  return { ok: writers.every(({ problemCount }) => problemCount === 0), writers };
}

async function verifyWriter(
  folder: string,
  writer: string,
  store: Pick<Store, 'audit'>,
  publicKey: KeyObject,
): Promise<WriterVerdict> {
  for (let attempt = 1; ; attempt++) {
    // The anchor first: files read later hold at least what it speaks of.
    const anchor = await store.audit.get(writer);
    const check = new ChainCheck({ writer, publicKey, anchor });
    const notes: string[] = [];
    const segments = listSegments(folder);
    let vanished = false;
    for (const [index, segment] of segments.entries()) {
      try {
        await readSegment(segment, index === segments.length - 1, check, notes);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        vanished = true;
      }
    }
    check.finish();
    const { firstTime, lastTime, records, checkpoints, signedThrough, problems, problemCount } = check;
    const moved = (await store.audit.get(writer))?.prunedSequence !== anchor?.prunedSequence;
    if ((problemCount > 0 || vanished) && moved && attempt < MAX_ATTEMPTS) continue;
    return {
      writer,
      records,
      segments: segments.length,
      checkpoints,
      signedThrough,
      ...(firstTime === undefined ? {} : { firstTime }),
      ...(lastTime === undefined ? {} : { lastTime }),
      problems,
      problemCount,
      notes,
    };
  }
}

async function readSegment(
  segment: { readonly file: string; readonly path: string },
  newest: boolean,
  check: ChainCheck,
  notes: string[],
): Promise<void> {
  let number = 0;
  for await (const lines of linesForward(segment.path)) {
    for (const line of lines) {
      number++;
      if (newest && !line.complete) {
        notes.push(
          `${segment.file} line ${number} is unfinished: it is being written now, or its writer was killed`,
        );
      } else {
        check.addLine(line, { file: segment.file, line: number });
      }
    }
  }
}

function missingWriter(writer: string, sequence: number): WriterVerdict {
  const message = `All files of ${writer} are missing; record ${sequence} was anchored`;
  return {
    writer,
    records: 0,
    segments: 0,
    checkpoints: 0,
    signedThrough: 0,
    problems: [{ code: 'WRITER_MISSING', message }],
    problemCount: 1,
    notes: [],
  };
}
