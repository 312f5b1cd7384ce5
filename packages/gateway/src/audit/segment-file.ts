import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';

const writeAsync = promisify(write);
const syncAsync = promisify(fdatasync);

/**
 * The end of a file that grows by whole batches.
 *
 * Promises: a batch is in the file completely or, once a write has rejected, not at all: what a failed write left behind is cut off before anything else is
 * written, and while it cannot be cut off every write fails.
 */
export class SegmentFile {
  readonly path: string;
  readonly #descriptor: number;
  /** What the path led to when it was opened, and what the descriptor leads to for ever. */
  readonly #file: { readonly ino: number; readonly dev: number };
  #size: number;
  /** Bytes after `#size` may be left from a failed write. */
  #dirty = false;
  #pendingSync: Promise<void> = Promise.resolve();

  private constructor(path: string, descriptor: number, size: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#file = fstatSync(descriptor);
    this.#size = size;
  }

  /** Makes a new file with mode 0600; one that exists is an error. */
  static create(path: string): SegmentFile {
    return new SegmentFile(path, openSync(path, 'wx+', 0o600), 0);
  }

  /** Opens a file to write at its end. */
  static open(path: string): SegmentFile {
    const descriptor = openSync(path, 'r+');
    return new SegmentFile(path, descriptor, fstatSync(descriptor).size);
  }

  /** Throws when the path no longer leads to this file: what is written would be lost with it. */
  checkPlace(): void {
    const there = statSync(this.path, { throwIfNoEntry: false });
    if (there?.ino !== this.#file.ino || there.dev !== this.#file.dev) {
      throw new Error('The file was removed or replaced while it was written; restart the gateway');
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Hands a batch to the operating system before it returns: safe when this process dies, not when the machine does. */
  write(batch: Uint8Array): void {
    this.#cutLeftover();
    try {
      for (let done = 0; done < batch.byteLength;) {
        done += checkProgress(
          writeSync(this.#descriptor, batch, done, batch.byteLength - done, this.#size + done),
        );
      }
    } catch (error) {
      this.#undo();
      throw error;
    }
    this.#size += batch.byteLength;
  }

  /** Puts a batch on the disk before it resolves. One at a time. */
  async writeThrough(batch: Uint8Array): Promise<void> {
    this.#cutLeftover();
    try {
      for (let done = 0; done < batch.byteLength;) {
        const { bytesWritten } = await writeAsync(
          this.#descriptor,
          batch,
          done,
          batch.byteLength - done,
          this.#size + done,
        );
        done += checkProgress(bytesWritten);
      }
      await syncAsync(this.#descriptor);
    } catch (error) {
      this.#undo();
      throw error;
    }
    this.#size += batch.byteLength;
  }

  /** Puts on the disk what was written so far. */
  async sync(): Promise<void> {
    const syncing = syncAsync(this.#descriptor);
    this.#pendingSync = Promise.allSettled([this.#pendingSync, syncing]).then(() => undefined);
    await syncing;
  }

  /** Waits for `sync` under way; nothing may be called afterwards. */
  async close(): Promise<void> {
    await this.#pendingSync;
    closeSync(this.#descriptor);
  }

  #undo(): void {
    this.#dirty = true;
    try {
      this.#cutLeftover();
    } catch {
      // Still dirty: the next write tries again and says why it cannot.
    }
  }

  #cutLeftover(): void {
    if (!this.#dirty) return;
    ftruncateSync(this.#descriptor, this.#size);
    this.#dirty = false;
  }
}

/** Makes the names of new files in a folder survive a power loss. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function checkProgress(written: number): number {
  if (written === 0) throw new Error('Nothing could be written');
  return written;
}
