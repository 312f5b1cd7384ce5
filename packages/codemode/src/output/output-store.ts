import { randomBytes } from 'node:crypto';
import { CodeModeError } from '../code-mode-error.ts';

const MIB = 1024 * 1024;
const MINUTE_MS = 60 * 1000;
const HANDLE_BYTES = 12;

export interface OutputBounds {
  readonly ttlMs: number;
  readonly maxPerOwner: number;
  readonly maxCharsPerOwner: number;
  readonly maxChars: number;
}

export const OUTPUT_BOUNDS: OutputBounds = Object.freeze({
  ttlMs: 10 * MINUTE_MS,
  maxPerOwner: 16,
  maxCharsPerOwner: 16 * MIB,
  maxChars: 64 * MIB,
});

export interface OutputStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly bounds?: OutputBounds | undefined;
  /** Makes a handle that nobody can guess. */
  readonly newHandle?: (() => string) | undefined;
}

interface Kept {
  readonly owner: string;
  readonly handle: string;
  readonly text: string;
  readonly expiresAt: number;
}

/** Whole outputs of which a reply held only a part, for a while. Each is its owner's alone. Beyond the bounds the oldest are dropped. */
export class OutputStore {
  readonly #now: () => number;
  readonly #bounds: OutputBounds;
  readonly #newHandle: () => string;
  /** Oldest first. */
  #kept: readonly Kept[] = [];

  constructor({ now, bounds = OUTPUT_BOUNDS, newHandle }: OutputStoreOptions) {
    this.#now = now;
    this.#bounds = bounds;
    this.#newHandle = newHandle ?? (() => `out-${randomBytes(HANDLE_BYTES).toString('hex')}`);
  }

  /** Keeps a text; gives its handle, or undefined when it is too long to be kept. */
  keep(owner: string, text: string): string | undefined {
    const { ttlMs, maxCharsPerOwner, maxChars } = this.#bounds;
    if (text.length > Math.min(maxCharsPerOwner, maxChars)) return undefined;
    const handle = this.#newHandle();
    this.#kept = this.#within(
      [...this.#kept, { owner, handle, text, expiresAt: this.#now() + ttlMs }],
      owner,
    );
    return handle;
  }

  /**
   * A part of a kept text.
   *
   * @param range Counted in UTF-16 units from 0, `to` not included; cut down to the text. Absent: from its start, to its end.
   * @throws {CodeModeError} `OUTPUT_UNKNOWN`, also for one of another owner; `ARGUMENT_INVALID` for a range that is none.
   */
  fetch(
    owner: string,
    handle: string,
    range: { readonly from?: number | undefined; readonly to?: number | undefined } = {},
  ): string {
    const { from = 0, to = Infinity } = range;
    if (from < 0 || to < from)
      throw new CodeModeError('ARGUMENT_INVALID', "'from' must be 0 or more, and 'to' no less");
    const found = this.#kept.find((each) => each.owner === owner && each.handle === handle);
    if (found === undefined || found.expiresAt <= this.#now()) {
      throw new CodeModeError(
        'OUTPUT_UNKNOWN',
        `There is no such output of yours; outputs are kept for ${this.#bounds.ttlMs / MINUTE_MS} minutes`,
      );
    }
    return found.text.slice(from, to);
  }

  #within(kept: readonly Kept[], owner: string): readonly Kept[] {
    const { maxPerOwner, maxCharsPerOwner, maxChars } = this.#bounds;
    const now = this.#now();
    let [count, chars, all] = [0, 0, 0];
    const newestFirst = kept.toReversed().filter((each) => {
      if (each.expiresAt <= now) return false;
      if (each.owner === owner) {
        count += 1;
        chars += each.text.length;
        if (count > maxPerOwner || chars > maxCharsPerOwner) return false;
      }
      all += each.text.length;
      return all <= maxChars;
    });
    return newestFirst.toReversed();
  }
}
