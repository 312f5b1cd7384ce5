import { Limit, type LimitSpec } from './limit.ts';

/** Entries looked at for one that can be forgotten, per new entry. */
const MAX_SEARCH = 32;

/**
 * One limit per key, for keys that come from outside, in bounded memory.
 *
 * Only idle limits are forgotten, and only when the table is full, so forgetting never gives anybody a fresh burst. When all are in use, newcomers share one limit.
 */
export class LimitTable {
  #specOf: (key: string) => LimitSpec | undefined;
  readonly #clock: () => number;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Limit | null>();
  #shared: { readonly key: string; readonly limit: Limit } | undefined;

  /**
   * @param specOf The limit of a key, undefined when it has none. Asked once per key.
   * @param maxEntries Keys remembered.
   */
  constructor(specOf: (key: string) => LimitSpec | undefined, clock: () => number, maxEntries: number) {
    this.#specOf = specOf;
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The limit of a key; null when it has none. */
  get(key: string): Limit | null {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const spec = this.#specOf(key);
    if (!this.#hasRoom()) return spec === undefined ? null : this.#sharedLimit(key, spec);
    const made = spec === undefined ? null : new Limit(spec, this.#clock);
    this.#entries.set(key, made);
    return made;
  }

  /** Applies other settings to every key. Calls in flight and used tokens stay counted. */
  change(specOf: (key: string) => LimitSpec | undefined): void {
    this.#specOf = specOf;
    for (const [key, limit] of this.#entries) {
      const spec = specOf(key);
      // Unknown again: made anew, or not, at the next use.
      if (spec === undefined || limit === null) this.#entries.delete(key);
      else limit.change(spec);
    }
    const sharedSpec = this.#shared && specOf(this.#shared.key);
    if (sharedSpec === undefined) this.#shared = undefined;
    else this.#shared?.limit.change(sharedSpec);
  }

  #hasRoom(): boolean {
    if (this.#entries.size < this.#maxEntries) return true;
    let searched = 0;
    for (const [key, limit] of this.#entries) {
      if (searched >= MAX_SEARCH) return false;
      searched += 1;
      this.#entries.delete(key);
      if (limit === null || limit.idle) return true;
      // In use: to the end of the queue, so that the next search begins with others.
      this.#entries.set(key, limit);
    }
    return false;
  }

  #sharedLimit(key: string, spec: LimitSpec): Limit {
    // NOTE: keys of one table may have different limits; that of the first newcomer then holds for all that share.
    this.#shared ??= { key, limit: new Limit(spec, this.#clock) };
    return this.#shared.limit;
  }
}
