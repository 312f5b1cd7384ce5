import type { OutputPiece, OutputStream } from '../../outcome.ts';

/** What one piece counts at least, so that a million empty ones are not free. */
const MIN_PIECE_BYTES = 16;
/** Bytes in all, as a multiple of what is kept, at which a script is ended. */
const FLOOD_FACTOR = 10;

/** What one run has printed: the first bytes are kept, the rest is counted. */
export class RunOutput {
  readonly pieces: OutputPiece[] = [];
  readonly #maxBytes: number;
  #charged = 0;
  #dropped = 0;

  /** @param maxBytes Bytes that are kept; each piece counts for 16 at least. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get droppedBytes(): number {
    return this.#dropped;
  }

  /** Whether so much was printed that the script has to end. */
  get flooded(): boolean {
    return this.#charged > FLOOD_FACTOR * this.#maxBytes;
  }

  /** @returns The part that is kept; empty when it is all dropped. */
  add(stream: OutputStream, text: string): string {
    const bytes = Buffer.byteLength(text);
    const room = Math.max(0, this.#maxBytes - this.#charged);
    this.#charged += Math.max(bytes, MIN_PIECE_BYTES);
    const kept = bytes <= room ? text : cutToBytes(text, room);
    this.#dropped += bytes - (kept === text ? bytes : Buffer.byteLength(kept));
    if (kept !== '') {
      this.pieces.push({ stream, text: kept });
    }
    return kept;
  }
}

/** The longest start of a text that fits, without half a character at its end. */
export function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(0, maxBytes));
  if (bytes.length <= maxBytes) {
    const cut = text.slice(0, maxBytes);
    return cut.isWellFormed() ? cut : cut.slice(0, -1);
  }
  let end = maxBytes;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) {
    end -= 1;
  }
  return bytes.toString('utf8', 0, end);
}
