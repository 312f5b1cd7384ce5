const MAX_MESSAGES = 100;
const MAX_CHARS = 1024 * 1024;

/**
 * Messages for a client that has no stream open. Bounded by number and size: the newest gives way. A message that waits already is not kept twice, and
 * one that is `kept` is never given up, for which the sender vouches that there are few.
 */
export class WaitingMessages {
  readonly #texts = new Set<string>();
  #chars = 0;

  add(text: string, kept = false): void {
    const fits = this.#texts.size < MAX_MESSAGES && this.#chars + text.length <= MAX_CHARS;
    if (!this.#texts.has(text) && (fits || kept)) {
      this.#texts.add(text);
      this.#chars += text.length;
    }
  }

  /** Gives all, in the order in which they came, and keeps none. */
  take(): readonly string[] {
    const taken = [...this.#texts];
    this.#texts.clear();
    this.#chars = 0;
    return taken;
  }
}
