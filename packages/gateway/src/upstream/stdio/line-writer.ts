import type { Writable } from 'node:stream';

/** `unknown`: it failed together with other lines, some of which may have got through. */
export type WriteOutcome = 'written' | 'not-written' | 'unknown';

interface Line {
  readonly text: string;
  readonly done: (outcome: WriteOutcome) => void;
}

/**
 * Writes lines to a stream, those that come while it is busy in one piece, and knows of each whether it got through. A line that was written alone and
 * failed did not: at least its end is missing.
 */
export class LineWriter {
  readonly #stream: Writable;
  #waiting: Line[] = [];
  #waitingLength = 0;
  #isBusy = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Characters that wait for the stream to take them. */
  get waitingLength(): number {
    return this.#waitingLength;
  }

  /** @param text Without line feeds. */
  async write(text: string): Promise<WriteOutcome> {
    return await new Promise((done) => {
      this.#waiting.push({ text, done });
      this.#waitingLength += text.length;
      if (!this.#isBusy) {
        this.#flush();
      }
    });
  }

  #flush(): void {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#isBusy = true;
    const failed: WriteOutcome = lines.length === 1 ? 'not-written' : 'unknown';
    const text = lines.map((line) => `${line.text}\n`).join('');
    this.#stream.write(text, (error) => {
      this.#isBusy = false;
      this.#waitingLength -= text.length - lines.length;
      const hasFailed = error !== null && error !== undefined;
      for (const { done } of lines) {
        done(hasFailed ? failed : 'written');
      }
      if (hasFailed) {
        this.#drop();
      } else if (this.#waiting.length > 0) {
        this.#flush();
      }
    });
  }

  /** The stream is broken: nothing of what waits has been tried. */
  #drop(): void {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    for (const { done } of lines) {
      done('not-written');
    }
  }
}
