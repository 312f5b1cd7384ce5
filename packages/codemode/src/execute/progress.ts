import type { ProgressNote } from './execution.ts';

const MIN_GAP_MS = 200;
const MAX_CHARS = 200;

/** Tells of a run at most five times a second. What comes in between is left out; nothing of arguments or results is ever told. */
export class Progress {
  readonly #tell: ((note: ProgressNote) => void) | undefined;
  readonly #now: () => number;
  #calls = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param now Milliseconds of a steady clock. */
  constructor(tell: ((note: ProgressNote) => void) | undefined, now: () => number) {
    this.#tell = tell;
    this.#now = now;
  }

  /** A call begins. */
  called(): void {
    this.#calls += 1;
  }

  /** A call has ended. @param how Such as `✓` or `✗ DENIED`. */
  ended(call: string, how: string, tookMs: number): void {
    this.#note(`${call} ${how} ${Math.round(tookMs)} ms`);
  }

  printed(text: string): void {
    const line = text.split('\n').find((each) => each.trim() !== '');
    if (line !== undefined) this.#note(line.trim());
  }

  #note(message: string): void {
    if (this.#tell === undefined || this.#now() - this.#toldAt < MIN_GAP_MS) return;
    this.#toldAt = this.#now();
    this.#tell({ calls: this.#calls, message: message.slice(0, MAX_CHARS).toWellFormed() });
  }
}
