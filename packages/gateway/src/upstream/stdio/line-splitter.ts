const LINE_FEED = 0x0a;
/** So much of both ends of a dropped line is kept, to tell what it was. */
const EDGE_BYTES = 256;
const FIRST_CAPACITY_BYTES = 4096;
const NOTHING = Buffer.alloc(0);

export interface LineReader {
  onLine(line: string): void;
  /** A line over the limit has ended; these are its first and last characters. */
  onTooLong(head: string, tail: string): void;
}

/**
 * Cuts a byte stream into lines of at most `maxBytes`. A longer line is dropped up to its end and reported, so that one runaway line costs one
 * message and bounded memory: at most twice `maxBytes`, in however small pieces it comes.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #reader: LineReader;
  #held = NOTHING;
  #size = 0;
  #head: Buffer | undefined;
  #tail = NOTHING;

  constructor(maxBytes: number, reader: LineReader) {
    this.#maxBytes = maxBytes;
    this.#reader = reader;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#endLine(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#keep(chunk.subarray(start));
    }
  }

  #endLine(rest: Buffer): void {
    if (this.#size === 0 && rest.length <= this.#maxBytes) {
      this.#emit(rest);
      return;
    }
    this.#keep(rest);
    const line = this.#held.subarray(0, this.#size);
    const head = this.#head;
    const tail = this.#tail;
    this.#held = NOTHING;
    this.#size = 0;
    this.#head = undefined;
    this.#tail = NOTHING;
    if (head === undefined) {
      this.#emit(line);
    } else {
      this.#reader.onTooLong(head.toString('utf8'), tail.toString('utf8'));
    }
  }

  #emit(bytes: Buffer): void {
    const text = bytes.toString('utf8').trim();
    if (text !== '') {
      this.#reader.onLine(text);
    }
  }

  #keep(part: Buffer): void {
    const before = this.#size;
    this.#size += part.length;
    if (this.#size > this.#maxBytes) {
      this.#drop(before, part);
      return;
    }
    if (this.#size > this.#held.length) {
      const grown = Buffer.allocUnsafe(
        Math.max(FIRST_CAPACITY_BYTES, this.#size, Math.min(2 * this.#held.length, this.#maxBytes)),
      );
      this.#held.copy(grown, 0, 0, before);
      this.#held = grown;
    }
    part.copy(this.#held, before);
  }

  #drop(before: number, part: Buffer): void {
    if (this.#head === undefined) {
      const kept = this.#held.subarray(0, before);
      this.#head = Buffer.concat([kept.subarray(0, EDGE_BYTES), part.subarray(0, EDGE_BYTES)]).subarray(
        0,
        EDGE_BYTES,
      );
      this.#tail = kept.subarray(-EDGE_BYTES);
      this.#held = NOTHING;
    }
    this.#tail = Buffer.concat([this.#tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
  }
}
