import { dirname } from 'node:path';
import { AuditError, type AuditEntry, type CheckpointEntry, type SerializedAuditLog } from './audit-log.ts';
import type { AnchorKeeper } from './anchor-keeper.ts';
import { formatRecord, type ChainPosition } from './record.ts';
import { pruneSegments } from './retention.ts';
import { SegmentFile, syncFolder } from './segment-file.ts';
import { segmentAt } from './segments.ts';
import { serializeEntry } from './serialize-entry.ts';

/** Records that wait for a slow disk, in characters; more are refused rather than kept in memory. */
const MAX_PENDING_LENGTH = 64 * 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface AuditSettings {
  /**
   * `os`: a batch is handed to the operating system by one blocking write of a few microseconds; it survives a killed process.
   * `disk`: a batch is forced to the disk first, while the next one collects; it survives power loss.
   */
  readonly sync: 'os' | 'disk';
  /** A new file begins after the batch that reaches this size. */
  readonly segmentBytes: number;
  /** Whole files older than this are removed; for ever when absent. */
  readonly retentionDays?: number | undefined;
  /** Records between two checkpoints. */
  readonly checkpointRecords: number;
}

export interface AuditWriterOptions {
  readonly folder: string;
  readonly settings: AuditSettings;
  readonly clock: () => number;
  readonly signCheckpoint: (position: ChainPosition, time: string) => CheckpointEntry;
  readonly anchors: AnchorKeeper;
  readonly onError: (error: AuditError) => void;
  readonly lock: Disposable;
  readonly position: ChainPosition;
  readonly segment: SegmentFile;
  /** Number of `segment`. */
  readonly segmentNumber: number;
}

interface Batch {
  readonly entries: string[];
  length: number;
  readonly written: PromiseWithResolvers<void>;
}

/**
 * The writing end of one chain. Entries of one turn of the event loop wait for its end and share one write; while a write to the disk is under way the next
 * batch collects. The chain moves on only after its batch is in the file, so a failed batch leaves no trace and the next one links to the last good record.
 */
export class AuditWriter implements SerializedAuditLog {
  readonly #options: AuditWriterOptions;
  #segment: SegmentFile;
  #segmentNumber: number;
  #position: ChainPosition;
  #sinceCheckpoint = 0;
  #full: boolean;
  #batch: Batch | undefined;
  #draining = false;
  #drained: Promise<void> = Promise.resolve();
  #upkeep: Promise<void> = Promise.resolve();
  /** Resolves when the files before the present one are on the disk. */
  #earlierSynced: Promise<void> = Promise.resolve();
  #nextPruneMs = 0;
  #pruning = false;
  #closing: Promise<void> | undefined;

  constructor(options: AuditWriterOptions) {
    this.#options = options;
    this.#segment = options.segment;
    this.#segmentNumber = options.segmentNumber;
    this.#position = options.position;
    this.#full = options.segment.size >= options.settings.segmentBytes;
  }

  append(entry: AuditEntry): Promise<void> {
    let json: string;
    try {
      json = serializeEntry(entry);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    return this.appendSerialized(json);
  }

  appendSerialized(json: string): Promise<void> {
    if (this.#closing !== undefined)
      return Promise.reject(new AuditError('AUDIT_CLOSED', 'The audit log is closed'));
    const batch = (this.#batch ??= this.#openBatch());
    if (batch.length + json.length > MAX_PENDING_LENGTH) {
      return Promise.reject(new AuditError('AUDIT_UNWRITABLE', 'Too many audit records wait to be written'));
    }
    batch.entries.push(json);
    batch.length += json.length;
    return batch.written.promise;
  }

  /** Signs the present end of the chain, unless that is a checkpoint already. */
  async checkpoint(): Promise<void> {
    while (this.#draining) await this.#drained;
    try {
      await this.#writeBatch([], true);
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** Waits until anchors are stored and old files removed. */
  async settle(): Promise<void> {
    await this.#upkeep;
    await this.#options.anchors.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    using _lock = this.#options.lock;
    while (this.#draining) await this.#drained;
    if (this.#sinceCheckpoint > 0) {
      await this.checkpoint().catch((error: unknown) =>
        this.#report('The last checkpoint could not be written', error),
      );
    } else {
      // One more try for an anchor that could not be stored before.
      this.#advanceAnchor(this.#position);
    }
    await this.settle();
    await this.#segment.close();
  }

  #openBatch(): Batch {
    const batch = { entries: [], length: 0, written: Promise.withResolvers<void>() };
    if (!this.#draining) {
      this.#draining = true;
      this.#drained = new Promise((resolve) => {
        setImmediate(() => void this.#drain().then(resolve));
      });
    }
    return batch;
  }

  /** Never rejects. */
  async #drain(): Promise<void> {
    for (let batch = this.#batch; batch !== undefined; batch = this.#batch) {
      this.#batch = undefined;
      try {
        const written = this.#writeBatch(batch.entries, false);
        if (written !== undefined) await written;
        batch.written.resolve();
      } catch (error) {
        batch.written.reject(this.#unwritable(error));
      }
    }
    this.#draining = false;
  }

  /** Without a promise when the records are written on return. */
  #writeBatch(entries: readonly string[], withCheckpoint: boolean): Promise<void> | undefined {
    this.#segment.checkPlace();
    if (this.#full) this.#beginSegment();
    const { checkpointRecords, segmentBytes, sync } = this.#options.settings;
    let text = '';
    let position = this.#position;
    let since = this.#sinceCheckpoint;
    let signed: ChainPosition | undefined;
    const add = (json: string): void => {
      const record = formatRecord(position, json);
      text += record.line;
      position = record.position;
    };
    const addCheckpoint = (): void => {
      add(JSON.stringify(this.#options.signCheckpoint(position, this.#now())));
      signed = position;
      since = 0;
    };
    for (const json of entries) {
      add(json);
      if (++since >= checkpointRecords) addCheckpoint();
    }
    if (withCheckpoint && signed !== position) addCheckpoint();
    let bytes = Buffer.from(text, 'utf8');
    const full = this.#segment.size + bytes.byteLength >= segmentBytes;
    if (full && signed !== position) {
      addCheckpoint();
      bytes = Buffer.from(text, 'utf8');
    }
    const commit = (): void => {
      this.#position = position;
      this.#sinceCheckpoint = since;
      this.#full = full;
      if (signed !== undefined) this.#advanceAnchor(signed);
    };
    if (sync === 'os') {
      this.#segment.write(bytes);
      commit();
      return undefined;
    }
    return this.#segment.writeThrough(bytes).then(commit);
  }

  /** A file that cannot be made is no reason to refuse records: the present one grows on. */
  #beginSegment(): void {
    const { folder, settings } = this.#options;
    try {
      const next = SegmentFile.create(segmentAt(folder, this.#segmentNumber + 1).path);
      if (settings.sync === 'disk') syncFolder(dirname(next.path));
      const previous = this.#segment;
      this.#earlierSynced = Promise.all([this.#earlierSynced, previous.sync()]).then(() => undefined);
      // Reported by whoever awaits it, which may be nobody.
      this.#earlierSynced.catch(() => undefined);
      this.#segment = next;
      this.#segmentNumber++;
      this.#full = false;
      this.#nextPruneMs = 0;
      this.#upkeep = this.#upkeep
        .then(() => this.#options.anchors.idle())
        .then(() => previous.close())
        .catch((error: unknown) => this.#report(`${previous.path} could not be closed`, error));
    } catch (error) {
      this.#report(`A new audit file could not be made in ${folder}`, error);
    }
  }

  #advanceAnchor(position: ChainPosition): void {
    const segment = this.#segment;
    const earlierSynced = this.#earlierSynced;
    this.#options.anchors.advance(position, async () => {
      await earlierSynced;
      if (this.#options.settings.sync === 'os') await segment.sync();
    });
    this.#pruneNowAndThen();
  }

  #pruneNowAndThen(): void {
    const { folder, settings, clock, anchors } = this.#options;
    const now = clock();
    if (settings.retentionDays === undefined || this.#pruning || now < this.#nextPruneMs) return;
    this.#pruning = true;
    this.#nextPruneMs = now + HOUR_MS;
    const before = now - settings.retentionDays * DAY_MS;
    this.#upkeep = this.#upkeep
      .then(() =>
        pruneSegments({
          folder,
          pruned: anchors.pruned,
          before,
          movePruned: (position) => anchors.prune(position),
        }),
      )
      .catch((error: unknown) => this.#report(`Old audit files in ${folder} could not be removed`, error))
      .finally(() => {
        this.#pruning = false;
      });
  }

  #unwritable(cause: unknown): AuditError {
    return new AuditError('AUDIT_UNWRITABLE', `Audit records cannot be written to ${this.#segment.path}`, {
      cause,
    });
  }

  #now(): string {
    return new Date(this.#options.clock()).toISOString();
  }

  #report(message: string, cause: unknown): void {
    this.#options.onError(new AuditError('AUDIT_UPKEEP', message, { cause }));
  }
}
