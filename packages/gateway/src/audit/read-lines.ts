import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_LINE_BYTES } from './record.ts';

// Records hold U+2028 and other characters that general line readers take for line ends; here only the byte 0x0A is one.
const NEWLINE = 0x0a;
const CHUNK_BYTES = 256 * 1024;

export interface FileLine {
  /** Without newline; of a line longer than `MAX_LINE_BYTES` only a part, which is longer than that as well. */
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the file. */
  readonly start: number;
  /** False for a last line without newline. */
  readonly complete: boolean;
}

/**
 * Reads a file from its beginning; memory does not grow with the file.
 *
 * @yields The lines of each chunk that was read.
 */
export async function* linesForward(path: string): AsyncGenerator<readonly FileLine[], void> {
  await using file = await open(path, 'r');
  let carried: Uint8Array = new Uint8Array(0);
  let carriedStart = 0;
  let position = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    const lines: FileLine[] = [];
    let from = 0;
    for (;;) {
      const newline = chunk.subarray(0, bytesRead).indexOf(NEWLINE, from);
      if (newline < 0) break;
      lines.push({
        bytes: join(carried, chunk.subarray(from, newline)),
        start: carriedStart,
        complete: true,
      });
      carried = new Uint8Array(0);
      from = newline + 1;
      carriedStart = position + from;
    }
    // An endless line is not kept whole: what is over the limit is refused by its length alone.
    if (carried.byteLength <= MAX_LINE_BYTES) carried = join(carried, chunk.subarray(from, bytesRead));
    position += bytesRead;
    yield lines;
  }
  if (position > carriedStart) yield [{ bytes: carried, start: carriedStart, complete: false }];
}

/**
 * Reads a file from its end; memory does not grow with the file. Blocks while it reads a chunk.
 *
 * @yields Lines, last first.
 */
export function* linesBackward(path: string): Generator<FileLine, void> {
  const descriptor = openSync(path, 'r');
  try {
    let position = fstatSync(descriptor).size;
    let complete = false;
    // The beginning of this line is still to be read; its parts are kept last first.
    let parts: Uint8Array[] = [];
    let length = 0;
    while (position > 0) {
      const size = Math.min(CHUNK_BYTES, position);
      position -= size;
      const chunk = readChunk(descriptor, position, size);
      let end = chunk.byteLength;
      for (;;) {
        const newline = end === 0 ? -1 : chunk.lastIndexOf(NEWLINE, end - 1);
        const part = chunk.subarray(newline + 1, end);
        if (length <= MAX_LINE_BYTES) parts.push(part);
        length += part.byteLength;
        if (newline < 0) break;
        if (complete || length > 0)
          yield { bytes: Buffer.concat(parts.toReversed()), start: position + newline + 1, complete };
        complete = true;
        parts = [];
        length = 0;
        end = newline;
      }
    }
    if (complete || length > 0) yield { bytes: Buffer.concat(parts.toReversed()), start: 0, complete };
  } finally {
    closeSync(descriptor);
  }
}

function readChunk(descriptor: number, position: number, size: number): Buffer {
  const chunk = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(descriptor, chunk, filled, size - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return chunk.subarray(0, filled);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.byteLength === 0 ? second : Buffer.concat([first, second]);
}
