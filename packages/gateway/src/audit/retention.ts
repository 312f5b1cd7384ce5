import { rm } from 'node:fs/promises';
import type { ChainPosition } from './record.ts';
import { newestRecordOf } from './recover.ts';
import { listSegments, tornPath, type Segment } from './segments.ts';

/**
 * Removes the oldest files of a writer as long as their newest record is older than `before`; never the newest file. Files that an earlier, interrupted run has
 * already given up are removed as well.
 *
 * @param pruned Chain position before the oldest file that must be kept.
 * @param before Milliseconds since 1970.
 * @param movePruned Records the new position; files are removed only after it resolved, so that missing files are never taken for theft.
 */
export async function pruneSegments(options: {
  readonly folder: string;
  readonly pruned: ChainPosition;
  readonly before: number;
  readonly movePruned: (position: ChainPosition) => Promise<void>;
}): Promise<void> {
  const { folder, pruned, before, movePruned } = options;
  const doomed: Segment[] = [];
  let position = pruned;
  for (const segment of listSegments(folder).slice(0, -1)) {
    const last = newestRecordOf(segment);
    // A file whose age cannot be told is kept: it is evidence of something.
    if (last === undefined) break;
    const given = last.seq <= pruned.seq;
    if (!given && !(Date.parse(last.entry?.time ?? '') < before)) break;
    if (!given) position = { seq: last.seq, hash: last.hash };
    doomed.push(segment);
  }
  if (position !== pruned) await movePruned(position);
  for (const segment of doomed) {
    await rm(segment.path, { force: true });
    await rm(tornPath(segment), { force: true });
  }
}
