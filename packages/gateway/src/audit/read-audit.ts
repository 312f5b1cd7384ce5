import { join } from 'node:path';
import { asksAboutCalls, createAuditFilter, type AuditFilter } from './audit-filter.ts';
import type { AuditRecord } from './audit-log.ts';
import { linesBackward, linesForward, type FileLine } from './read-lines.ts';
import { ifRecordLine, toAuditRecord } from './record.ts';
import { newestRecordOf } from './recover.ts';
import { listSegments, listWriters, type Segment } from './segments.ts';
import { hasCode } from '../lib/has-code.ts';

export interface ReadAuditOptions {
  /** Folder of all writers. */
  readonly directory: string;
  readonly filter?: AuditFilter & {
    /** At most so many records; outcomes that follow their call are not counted. Default: all. */
    readonly limit?: number | undefined;
    /** Last first. Default: first first. */
    readonly newestFirst?: boolean | undefined;
  };
}

/** Calls whose other half is awaited; an older one is given up, so that memory stays bounded. */
const MAX_OPEN_CALLS = 100_000;

/**
 * Reads the records of all writers in the order of their times. Lines that are no records, such as one being written at this moment, are passed over.
 *
 * With a filter that only calls can satisfy (principal, server, tool, effect) the outcome of each call found is given as well; with `newestFirst` right before it.
 *
 * Does not check hashes or signatures: use `verifyAudit`.
 *
 * @yields Records as they stand in the files.
 * @throws {RangeError} When a filter is out of bounds.
 */
export async function* readAudit({
  directory,
  filter = {},
}: ReadAuditOptions): AsyncGenerator<AuditRecord, void> {
  const { limit = Infinity, newestFirst = false } = filter;
  if (!(limit >= 0)) throw new RangeError(`Audit filter limit is ${limit}, not a number from 0`);
  const match = createAuditFilter(filter);
  const follows = followsCalls(filter);
  const awaited = new BoundedMap<AuditRecord | undefined>(MAX_OPEN_CALLS);
  let given = 0;
  if (limit === 0) return;
  for await (const record of allRecords(directory, newestFirst, filter.since)) {
    const { entry } = record;
    const verdict = match(record);
    if (verdict === 'no') continue;
    if (verdict === 'follow') {
      if (entry.type !== 'outcome') continue;
      if (newestFirst) awaited.set(entry.call, record);
      else if (awaited.delete(entry.call)) yield record;
      if (given >= limit && awaited.size === 0) return;
      continue;
    }
    if (given >= limit) continue;
    given++;
    if (entry.type === 'call' && follows) {
      const outcome = awaited.get(entry.call);
      if (outcome !== undefined) yield outcome;
      if (newestFirst) awaited.delete(entry.call);
      else awaited.set(entry.call, undefined);
    }
    yield record;
    // Oldest first, outcomes of the calls given are still to come, if they are asked for at all.
    if (given >= limit && (newestFirst || awaited.size === 0)) return;
  }
}

function followsCalls(filter: AuditFilter): boolean {
  return asksAboutCalls(filter) && filter.type === undefined;
}

async function* allRecords(
  directory: string,
  newestFirst: boolean,
  since: string | undefined,
): AsyncGenerator<AuditRecord, void> {
  const sources = listWriters(directory).map((writer) =>
    writerRecords(join(directory, writer), writer, newestFirst, since),
  );
  const heads: { record: AuditRecord; readonly source: AsyncGenerator<AuditRecord, void> }[] = [];
  try {
    for (const source of sources) {
      const { value } = await source.next();
      if (value !== undefined) heads.push({ record: value, source });
    }
    for (;;) {
      const head = heads.reduce<(typeof heads)[number] | undefined>((best, each) => {
        if (best === undefined) return each;
        const earlier = each.record.entry.time < best.record.entry.time;
        const later = each.record.entry.time > best.record.entry.time;
        return (newestFirst ? later : earlier) ? each : best;
      }, undefined);
      if (head === undefined) return;
      yield head.record;
      const { value } = await head.source.next();
      if (value === undefined) heads.splice(heads.indexOf(head), 1);
      else head.record = value;
    }
  } finally {
    for (const source of sources) await source.return();
  }
}

async function* writerRecords(
  folder: string,
  writer: string,
  newestFirst: boolean,
  since: string | undefined,
): AsyncGenerator<AuditRecord, void> {
  const segments = listSegments(folder);
  for (const segment of newestFirst ? segments.toReversed() : segments) {
    try {
      if (since !== undefined && endsBefore(segment, since)) continue;
      for await (const line of segmentLines(segment, newestFirst)) {
        const parsed = line.complete ? ifRecordLine(line.bytes) : undefined;
        const record = parsed && toAuditRecord(writer, parsed);
        if (record !== undefined) yield record;
      }
    } catch (error) {
      // Removed by the retention of a running gateway since the folder was listed.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

/** Whether the last record of a file is older, so that the file need not be read. */
function endsBefore(segment: Segment, since: string): boolean {
  const last = newestRecordOf(segment)?.entry;
  return last !== undefined && Date.parse(last.time) < Date.parse(since);
}

async function* segmentLines(segment: Segment, newestFirst: boolean): AsyncGenerator<FileLine, void> {
  if (newestFirst) yield* linesBackward(segment.path);
  else for await (const lines of linesForward(segment.path)) yield* lines;
}

/** Forgets the entry that was set first when it grows over its bound. */
class BoundedMap<V> extends Map<string, V> {
  readonly #max: number;

  constructor(max: number) {
    super();
    this.#max = max;
  }

  override set(key: string, value: V): this {
    super.set(key, value);
    const [oldest] = this.size > this.#max ? this.keys() : [];
    if (oldest !== undefined) this.delete(oldest);
    return this;
  }
}
