import { ProtocolError } from './protocol-error.ts';

const HEADER_BYTES = 4;
const FIRST_ROOM_BYTES = 64 * 1024;

/** Room for 8 MiB of JSON text inside a JSON string, where each quote and backslash takes two. */
export const DEFAULT_MAX_FRAME_BYTES = 20 * 1024 * 1024;

/** One message as it travels: its length in 4 bytes, little end first, then JSON in UTF-8. */
export function encodeFrame(message: object): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length);
  frame.write(text, HEADER_BYTES);
  return frame;
}

/**
 * Cuts what a runner sends into frames, however it is split on its way.
 *
 * The announced length is only believed as far as bytes arrive: what is kept is at most twice of what was received. Each byte is copied a bounded number
 * of times, also when a frame comes byte by byte.
 */
export class FrameDecoder {
  readonly #maxBytes: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  /** Length of the frame that is being received; 0 while its header is not complete. */
  #length = 0;
  #body = Buffer.alloc(0);
  #bodyFilled = 0;

  /** @param maxBytes Longest frame that is taken, its header not counted. */
  constructor(maxBytes: number = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes the next bytes and gives the frames that they complete, without their headers.
   *
   * @throws {ProtocolError} When a length is 0 or over the bound; the decoder is of no use afterwards.
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#length === 0) {
        at = this.#readHeader(chunk, at);
        continue;
      }
      const missing = this.#length - this.#bodyFilled;
      const end = Math.min(at + missing, chunk.length);
      if (this.#bodyFilled === 0 && end - at === missing) {
        frames.push(chunk.subarray(at, end));
        this.#next();
      } else {
        this.#append(chunk.subarray(at, end));
        if (this.#bodyFilled === this.#length) {
          frames.push(this.#body.subarray(0, this.#length));
          this.#next();
        }
      }
      at = end;
    }
    return frames;
  }

  #readHeader(chunk: Buffer, from: number): number {
    const end = Math.min(from + HEADER_BYTES - this.#headerFilled, chunk.length);
    chunk.copy(this.#header, this.#headerFilled, from, end);
    this.#headerFilled += end - from;
    if (this.#headerFilled === HEADER_BYTES) {
      const length = this.#header.readUInt32LE();
      if (length === 0 || length > this.#maxBytes) {
        throw new ProtocolError(`Frame of ${length} bytes, expected 1 to ${this.#maxBytes}`);
      }
      this.#length = length;
    }
    return end;
  }

  #append(part: Buffer): void {
    const filled = this.#bodyFilled + part.length;
    if (filled > this.#body.length) {
      const room = Math.min(this.#length, Math.max(FIRST_ROOM_BYTES, 2 * filled));
      const body = Buffer.allocUnsafe(room);
      this.#body.copy(body, 0, 0, this.#bodyFilled);
      this.#body = body;
    }
    part.copy(this.#body, this.#bodyFilled);
    this.#bodyFilled = filled;
  }

  #next(): void {
    this.#headerFilled = 0;
    this.#length = 0;
    this.#body = Buffer.alloc(0);
    this.#bodyFilled = 0;
  }
}
