/** The last bytes of a stream, for diagnosis. */
export class BoundedTail {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Joined only when there is twice as much as kept, so that many small chunks cost little each.
    if (this.#bytes > 2 * this.#maxBytes || this.#chunks.length > this.#maxBytes) {
      this.#chunks = [Buffer.from(this.#kept())];
      this.#bytes = this.#chunks[0]?.length ?? 0;
    }
  }

  toString(): string {
    return this.#kept().toString();
  }

  #kept(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#maxBytes));
  }
}
