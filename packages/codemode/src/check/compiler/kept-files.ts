import { createHash } from 'node:crypto';
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A text that lies in a file as long as this is held. */
export interface HeldFile extends AsyncDisposable {
  /** Name in the folder. */
  readonly name: string;
}

interface Kept {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly written: Promise<void>;
  users: number;
}

/** Texts in the files of one folder: what is needed again is there already, and what was needed last goes last. */
export class KeptFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #count = 0;

  /** @param maxBytes What stays when nobody holds it. */
  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** @param suffix Of the file's name. */
  async hold(text: string, suffix: string): Promise<HeldFile> {
    const key = createHash('sha256').update(text).digest('base64url') + suffix;
    const kept = this.#kept.get(key) ?? this.#write(key, text, suffix);
    // Behind the others, for the first of the map go first.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.users += 1;
    try {
      await kept.written;
      // Programs that tidy up temporary folders take what looks old.
      await access(join(this.#folder, kept.name));
    } catch (error) {
      kept.users -= 1;
      this.#forget(kept);
      throw error;
    }
    return {
      name: kept.name,
      [Symbol.asyncDispose]: async () => {
        kept.users -= 1;
        await this.#shrink();
      },
    };
  }

  #write(key: string, text: string, suffix: string): Kept {
    // Never the name of a file that is being removed at this moment.
    const name = `${++this.#count}${suffix}`;
    const written = writeFile(join(this.#folder, name), text, { mode: 0o600, flag: 'wx' });
    const kept = { key, name, bytes: Buffer.byteLength(text), written, users: 0 };
    this.#bytes += kept.bytes;
    return kept;
  }

  #forget(kept: Kept): void {
    if (this.#kept.get(kept.key) !== kept) return;
    this.#kept.delete(kept.key);
    this.#bytes -= kept.bytes;
  }

  async #shrink(): Promise<void> {
    for (const kept of this.#kept.values()) {
      if (this.#bytes <= this.#maxBytes) return;
      if (kept.users > 0) continue;
      this.#forget(kept);
      await rm(join(this.#folder, kept.name), { force: true });
    }
  }
}
