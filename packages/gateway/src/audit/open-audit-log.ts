import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditAnchor, Store } from '../store/index.ts';
import { AnchorKeeper } from './anchor-keeper.ts';
import { AuditError, type SerializedAuditLog, type SystemEntry } from './audit-log.ts';
import { AuditWriter, type AuditSettings } from './audit-writer.ts';
import { createCheckpointSigner } from './checkpoint.ts';
import { genesis } from './record.ts';
import { recoverWriter, type Recovery } from './recover.ts';
import { SegmentFile, syncFolder } from './segment-file.ts';
import { isWriterName, segmentAt } from './segments.ts';
import { lockWriter } from './writer-lock.ts';

const LOCK_TIMEOUT_MS = 5000;

export interface AuditLogOptions {
  /** Folder of all writers; made when absent. */
  readonly directory: string;
  /** Name of this chain and its folder: 1 to 64 letters, digits, `_`, `.` or `-`. */
  readonly writer: string;
  /** Ed25519 private key. */
  readonly signingKey: KeyObject;
  readonly store: Pick<Store, 'audit'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly settings: AuditSettings;
  /** Told of what failed beside the records themselves (`AUDIT_UPKEEP`). */
  readonly onError?: ((error: AuditError) => void) | undefined;
  /** How long to wait for another process that writes this chain. Default 5 seconds. */
  readonly lockTimeoutMs?: number | undefined;
}

/**
 * Opens one chain for writing, making it at first.
 *
 * What an interrupted writer left is put in order: an unfinished last line is cut off (kept as `.torn`) and noted by a system entry `audit.recovered`; lost or
 * changed records are noted by `audit.damaged`, which `verifyAudit` reports for as long as the entry is kept. Then a checkpoint is signed and anchored.
 *
 * Does not verify what lies before the newest anchor: use `verifyAudit`.
 *
 * @throws {AuditError} `AUDIT_LOCKED` when another process writes this chain, `AUDIT_UNWRITABLE` when its files cannot be written.
 * @throws {StoreError} When the anchor cannot be read.
 * @throws {RangeError} When a setting is out of bounds.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<SerializedAuditLog> {
  checkOptions(options);
  const { directory, writer, settings, clock } = options;
  const folder = join(directory, writer);
  makeFolder(folder);
  using cleanup = new DisposableStack();
  const lock = cleanup.use(await lockWriter(folder, options.lockTimeoutMs ?? LOCK_TIMEOUT_MS));
  const stored = await options.store.audit.get(writer);
  const onError = createReporter(options.onError);
  const found = prepare(folder, writer, stored, settings);
  cleanup.defer(() => void found.segment.close());
  const log = new AuditWriter({
    folder,
    settings,
    clock,
    lock,
    onError,
    signCheckpoint: createCheckpointSigner(writer, options.signingKey),
    anchors: new AnchorKeeper({
      table: options.store.audit,
      writer,
      stored,
      start: genesis(writer),
      onFailure: (cause) =>
        onError(
          new AuditError('AUDIT_UPKEEP', `Anchor of audit writer ${writer} could not be stored`, { cause }),
        ),
    }),
    position: found.recovery.position,
    segment: found.segment,
    segmentNumber: found.segmentNumber,
  });
  const note = describeRecovery(found.recovery, clock);
  if (note !== undefined) await log.append(note);
  if (!found.recovery.clean || note !== undefined) await log.checkpoint();
  await log.settle();
  cleanup.move();
  return log;
}

interface Prepared {
  readonly recovery: Recovery;
  readonly segment: SegmentFile;
  readonly segmentNumber: number;
}

function prepare(
  folder: string,
  writer: string,
  stored: AuditAnchor | undefined,
  settings: AuditSettings,
): Prepared {
  try {
    const recovery = recoverWriter(folder, writer, stored);
    if (recovery.segment !== undefined) {
      return {
        recovery,
        segment: SegmentFile.open(recovery.segment.path),
        segmentNumber: recovery.segment.number,
      };
    }
    const first = segmentAt(folder, 1);
    const segment = SegmentFile.create(first.path);
    if (settings.sync === 'disk') syncFolder(folder);
    return { recovery, segment, segmentNumber: first.number };
  } catch (error) {
    throw new AuditError('AUDIT_UNWRITABLE', `Audit files in ${folder} cannot be opened`, { cause: error });
  }
}

function describeRecovery(recovery: Recovery, clock: () => number): SystemEntry | undefined {
  const { segment, tornBytes, damagedLines, lostRecords, anchorProblem } = recovery;
  const damaged = damagedLines > 0 || lostRecords > 0 || anchorProblem !== undefined;
  if (!damaged && tornBytes === 0) return undefined;
  return {
    time: new Date(clock()).toISOString(),
    type: 'system',
    event: damaged ? 'audit.damaged' : 'audit.recovered',
    detail: {
      tornBytes,
      damagedLines,
      lostRecords,
      ...(segment === undefined ? {} : { file: segment.file }),
      ...(anchorProblem === undefined ? {} : { anchorProblem }),
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AuditError('AUDIT_UNWRITABLE', `Audit folder ${folder} cannot be made`, { cause: error });
  }
}

function createReporter(onError: AuditLogOptions['onError']): (error: AuditError) => void {
  return (error) => {
    try {
      onError?.(error);
    } catch {
      // Whoever listens must not be able to stop the log.
    }
  };
}

function checkOptions({ writer, settings }: AuditLogOptions): void {
  if (!isWriterName(writer))
    throw new RangeError(`Audit writer ${JSON.stringify(writer.slice(0, 80))} is not a valid name`);
  const numbers = {
    segmentBytes: settings.segmentBytes,
    checkpointRecords: settings.checkpointRecords,
    retentionDays: settings.retentionDays ?? 1,
  };
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`Audit setting ${name} is ${value}, not a whole number from 1`);
  }
}
