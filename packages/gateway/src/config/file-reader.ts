import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Outcome of reading a file. `mode` has the permission bits, where the system has such. */
export type FileReading =
  | { readonly ok: true; readonly text: string; readonly mode?: number }
  | { readonly ok: false; readonly reason: string; readonly cause?: unknown };

/** Reads a whole UTF-8 file of at most `maxBytes`. Never throws. */
export type ReadFile = (path: string, maxBytes: number) => Promise<FileReading>;

/** Reads from disk. Only regular files, so a pipe or device cannot make the gateway wait. A byte order mark is dropped. */
export const readTextFile: ReadFile = async (path, maxBytes) => {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    return { ok: false, reason: openingReason(cause), cause };
  }
  await using opened = file;
  try {
    // NOTE: the open file is asked, not the path, so that nothing can be swapped in between.
    const { mode } = await checkedStat(opened);
    const bytes = await readAtMost(opened, maxBytes + 1);
    if (bytes.length > maxBytes) return { ok: false, reason: `is larger than ${maxBytes} bytes` };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return process.platform === 'win32' ? { ok: true, text } : { ok: true, text, mode: mode & 0o777 };
  } catch (cause) {
    if (cause instanceof RangeError) return { ok: false, reason: cause.message, cause };
    return { ok: false, reason: cause instanceof TypeError ? 'is not UTF-8' : 'cannot be read', cause };
  }
};

async function checkedStat(file: FileHandle): Promise<{ readonly mode: number }> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new RangeError('is not a regular file');
  return stat;
}

async function readAtMost(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await file.read(buffer, length, maxBytes - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function openingReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return 'cannot be opened';
}
