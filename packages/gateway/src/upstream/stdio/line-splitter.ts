/**
 * Cuts a byte stream into lines of at most `maxBytes`. A longer line is dropped up to its end and reported, so that one runaway line costs one
 * message and bounded memory.
 */
export class LineSplitter {
  #parts: Buffer[] = [];
  #size = 0;
  #dropping = false;
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;

  constructor(maxBytes: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(0x0a, start);
    while (end !== -1) {
      this.#take(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
      end = chunk.indexOf(0x0a, start);
    }
    if (start < chunk.length) {
      this.#take(chunk.subarray(start));
    }
  }

  #take(part: Buffer): void {
    if (this.#dropping) {
      return;
    }
    this.#size += part.length;
    if (this.#size > this.#maxBytes) {
      this.#dropping = true;
      this.#parts = [];
      this.#onTooLong();
      return;
    }
    this.#parts.push(part);
  }

  #finish(): void {
    const parts = this.#parts;
    const dropped = this.#dropping;
    this.#parts = [];
    this.#size = 0;
    this.#dropping = false;
    if (dropped) {
      return;
    }
    const [only] = parts;
    const line = parts.length === 1 && only !== undefined ? only.toString('utf8') : Buffer.concat(parts).toString('utf8');
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed !== '') {
      this.#onLine(trimmed);
    }
  }
}
