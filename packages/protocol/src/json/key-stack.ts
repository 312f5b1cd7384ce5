const MAX_LISTED_KEYS = 16;

/**
 * The keys of every object that is open in a text, innermost last. Small objects are compared key by key; only a larger one pays for a set.
 */
export class KeyStack {
  readonly #keys: string[] = [];
  readonly #starts: number[] = [];
  readonly #sets: (Set<string> | undefined)[] = [];
  #start = 0;

  enter(): void {
    this.#starts.push(this.#start);
    this.#start = this.#keys.length;
    this.#sets.push(undefined);
  }

  leave(): void {
    this.#keys.length = this.#start;
    this.#start = this.#starts.pop() ?? 0;
    this.#sets.pop();
  }

  /** Returns false when the innermost object has the key already. */
  add(key: string): boolean {
    const innermost = this.#sets.length - 1;
    const set = this.#sets[innermost];
    if (set !== undefined) {
      if (set.has(key)) return false;
      set.add(key);
      return true;
    }
    const keys = this.#keys;
    for (let i = this.#start; i < keys.length; i += 1) if (keys[i] === key) return false;
    keys.push(key);
    if (keys.length - this.#start > MAX_LISTED_KEYS) {
      this.#sets[innermost] = new Set(keys.slice(this.#start));
    }
    return true;
  }
}
