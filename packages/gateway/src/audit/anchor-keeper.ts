import type { AuditAnchor, AuditAnchorTable } from '../store/index.ts';
import type { ChainPosition } from './record.ts';

export interface AnchorKeeperOptions {
  readonly table: AuditAnchorTable;
  readonly writer: string;
  /** What the store holds now. */
  readonly stored: AuditAnchor | undefined;
  /** Where the chain of the oldest file begins when nothing is stored. */
  readonly start: ChainPosition;
  /** Told of each failure; the anchor is tried again with the next checkpoint. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Carries the anchor of one writer to the store, one write at a time and in order. Checkpoints that come while a write is under way are joined into the next
 * one. A failure never reaches who writes records.
 */
export class AnchorKeeper {
  readonly #options: AnchorKeeperOptions;
  #checkpoint: ChainPosition | undefined;
  #pruned: ChainPosition;
  #prepare: (() => Promise<void>) | undefined;
  #work: Promise<void> = Promise.resolve();
  #scheduled = false;

  constructor(options: AnchorKeeperOptions) {
    this.#options = options;
    const { stored, start } = options;
    this.#checkpoint = stored && { seq: stored.sequence, hash: stored.hash };
    this.#pruned = stored === undefined ? start : { seq: stored.prunedSequence, hash: stored.prunedHash };
  }

  /** Chain position before the oldest file that is kept. */
  get pruned(): ChainPosition {
    return this.#pruned;
  }

  /**
   * Notes a new checkpoint; returns at once.
   *
   * @param prepare Puts the checkpoint on the disk: an anchor must never be newer than what a power loss leaves of the file.
   */
  advance(position: ChainPosition, prepare: () => Promise<void>): void {
    this.#checkpoint = position;
    this.#prepare = prepare;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#work = this.#work.then(async () => {
      this.#scheduled = false;
      await this.#put(this.#pruned).catch(this.#options.onFailure);
    });
  }

  /** Moves the pruned position on; the files before it may be removed once this resolves. Rejects when the store does not have it. */
  async prune(position: ChainPosition): Promise<void> {
    const moved = this.#work.then(async () => {
      await this.#put(position);
      this.#pruned = position;
    });
    this.#work = moved.catch(() => undefined);
    await moved;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #put(pruned: ChainPosition): Promise<void> {
    const { table, writer } = this.#options;
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined) throw new Error('There is no checkpoint to anchor yet');
    await this.#prepare?.();
    await table.put({
      writer,
      sequence: checkpoint.seq,
      hash: checkpoint.hash,
      prunedSequence: pruned.seq,
      prunedHash: pruned.hash,
    });
  }
}
