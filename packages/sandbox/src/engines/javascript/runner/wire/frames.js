const HEADER_BYTES = 4;

/** Longest frame in either direction, its header not counted. */
export const MAX_FRAME_BYTES = 20 * 1024 * 1024;

/**
 * One message as it travels: its length in 4 bytes, little end first, then JSON in UTF-8.
 *
 * @param {object} message
 * @returns {Buffer | undefined} Undefined when it is too long to be sent.
 */
export function encodeFrame(message) {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  if (length > MAX_FRAME_BYTES) {
    return undefined;
  }
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length);
  frame.write(text, HEADER_BYTES);
  return frame;
}

/** Cuts what arrives into messages, however it is split on its way. */
export class FrameReader {
  /** @type {Buffer[]} */
  #chunks = [];
  #bytes = 0;

  /**
   * @param {Buffer} chunk
   * @returns {import('../../../../wire/messages.ts').ToRunner[]} The messages that it completes.
   * @throws {RangeError} When a length is over the bound.
   * @throws {SyntaxError} When a frame is not JSON.
   */
  push(chunk) {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    /** @type {import('../../../../wire/messages.ts').ToRunner[]} */
    const messages = [];
    for (let length = this.#nextLength(); length !== undefined; length = this.#nextLength()) {
      const text = this.#take(HEADER_BYTES + length).toString('utf8', HEADER_BYTES);
      messages.push(JSON.parse(text));
    }
    return messages;
  }

  /** Length of the first frame, once all of it is there. */
  #nextLength() {
    if (this.#bytes < HEADER_BYTES) {
      return undefined;
    }
    const [first] = this.#chunks;
    if (first === undefined || first.length < HEADER_BYTES) {
      this.#chunks = [Buffer.concat(this.#chunks)];
    }
    const length = this.#chunks[0]?.readUInt32LE() ?? 0;
    if (length > MAX_FRAME_BYTES) {
      throw new RangeError(`Frame of ${length} bytes, expected at most ${MAX_FRAME_BYTES}`);
    }
    return this.#bytes < HEADER_BYTES + length ? undefined : length;
  }

  /** @param {number} size */
  #take(size) {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    if (all === undefined) {
      return Buffer.alloc(0);
    }
    const rest = all.subarray(size);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    return all.subarray(0, size);
  }
}
