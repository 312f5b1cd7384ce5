import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { AuditAnchor } from '../store/index.ts';
import { linesBackward } from './read-lines.ts';
import { genesis, ifRecordLine, type ChainPosition, type ParsedLine } from './record.ts';
import { listSegments, tornPath, type Segment } from './segments.ts';

/** Where a writer goes on, and what was found wrong at its end. */
export interface Recovery {
  /** The newest file; undefined when there is none yet. */
  readonly segment: Segment | undefined;
  readonly position: ChainPosition;
  /** Bytes of an unfinished last line: a write that was interrupted and never acknowledged. */
  readonly tornBytes: number;
  /** Whole lines at the end that are no intact records. */
  readonly damagedLines: number;
  /** Sequence numbers left out, because records that had them are gone. */
  readonly lostRecords: number;
  /** Why the end of the chain does not lead back to the anchor; undefined when it does. */
  readonly anchorProblem: string | undefined;
  /** Whether the newest record is the anchored checkpoint: the log was closed in order. */
  readonly clean: boolean;
}

/**
 * Prepares the files of a writer for going on: cuts what is no intact record off the end of the newest file (kept beside it as `.torn`) and compares the end of
 * the chain with the anchor.
 *
 * The chain goes on from the newest intact record. Numbers of lost records are never used again, so that `verifyAudit` keeps missing them.
 *
 * Does not check what lies before the anchor: that is the task of `verifyAudit`.
 */
export function recoverWriter(folder: string, writer: string, anchor: AuditAnchor | undefined): Recovery {
  const segments = listSegments(folder);
  const segment = segments.at(-1);
  const cut = segment === undefined ? { tornBytes: 0, damagedLines: 0 } : cutEnd(segment);

  const last = newestRecord(segments);
  const start =
    anchor === undefined ? genesis(writer) : { seq: anchor.prunedSequence, hash: anchor.prunedHash };
  const end = last === undefined ? start : { seq: last.seq, hash: last.hash };
  const expected = Math.max(end.seq + cut.damagedLines, anchor?.sequence ?? 0);
  return {
    segment,
    position: { seq: expected, hash: end.hash },
    ...cut,
    lostRecords: expected - end.seq,
    anchorProblem: anchor === undefined ? undefined : findAnchorProblem(segments, anchor),
    clean: anchor !== undefined && last?.seq === anchor.sequence && last.hash === anchor.hash,
  };
}

function cutEnd(segment: Segment): { readonly tornBytes: number; readonly damagedLines: number } {
  let tornBytes = 0;
  let damagedLines = 0;
  let end = 0;
  for (const line of linesBackward(segment.path)) {
    const record = line.complete ? ifRecordLine(line.bytes) : undefined;
    if (record?.intact === true) {
      end = line.start + line.bytes.byteLength + 1;
      break;
    }
    if (line.complete) damagedLines++;
    else tornBytes = line.bytes.byteLength;
  }
  if (tornBytes > 0 || damagedLines > 0) moveEnd(segment, end);
  return { tornBytes, damagedLines };
}

/** Keeps the bytes from `end` on as evidence, on the disk, before the file loses them. */
function moveEnd(segment: Segment, end: number): void {
  const from = openSync(segment.path, 'r+');
  const to = openSync(tornPath(segment), 'a', 0o600);
  try {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    for (let position = end; ;) {
      const read = readSync(from, chunk, 0, chunk.byteLength, position);
      if (read === 0) break;
      for (let done = 0; done < read;) done += writeSync(to, chunk, done, read - done);
      position += read;
    }
    fsyncSync(to);
    ftruncateSync(from, end);
    fsyncSync(from);
  } finally {
    closeSync(to);
    closeSync(from);
  }
}

function newestRecord(segments: readonly Segment[]): ParsedLine | undefined {
  for (const segment of segments.toReversed()) {
    const record = newestRecordOf(segment);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** The last intact record of a file. */
export function newestRecordOf(segment: Segment): ParsedLine | undefined {
  for (const line of linesBackward(segment.path)) {
    const record = line.complete ? ifRecordLine(line.bytes) : undefined;
    if (record?.intact === true) return record;
  }
  return undefined;
}

/** Follows the chain from its end back to the anchored record. Usually that is the distance of one checkpoint. */
function findAnchorProblem(segments: readonly Segment[], anchor: AuditAnchor): string | undefined {
  const gone = `record ${anchor.sequence}, which was anchored, is gone`;
  let wanted: string | undefined;
  for (const segment of segments.toReversed()) {
    for (const line of linesBackward(segment.path)) {
      const record = ifRecordLine(line.bytes);
      if (record === undefined || !record.intact) return `${segment.file} has a changed line`;
      if (wanted !== undefined && record.hash !== wanted)
        return `${segment.file} has a broken chain at record ${record.seq}`;
      if (record.seq === anchor.sequence) {
        return record.hash === anchor.hash
          ? undefined
          : `record ${record.seq} is not the one that was anchored`;
      }
      if (record.seq < anchor.sequence) return gone;
      wanted = record.prev;
    }
  }
  return gone;
}
