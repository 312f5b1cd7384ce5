import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../lib/has-code.ts';

/** One file of a writer. Numbers count from 1 and grow. */
export interface Segment {
  readonly number: number;
  /** `NNNNNNNN.jsonl`. */
  readonly file: string;
  readonly path: string;
}

const FILE = /^([0-9]{8})\.jsonl$/;
const WRITER = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export function segmentAt(folder: string, number: number): Segment {
  const file = `${String(number).padStart(8, '0')}.jsonl`;
  return { number, file, path: join(folder, file) };
}

/** Where what was cut off the end of a segment is kept. */
export function tornPath(segment: Segment): string {
  return segment.path.replace(/jsonl$/, 'torn');
}

/** Segments of one writer, oldest first; none when the folder is absent. Other files are passed over. */
export function listSegments(folder: string): readonly Segment[] {
  return readFolder(folder)
    .flatMap((entry) => {
      const number = FILE.exec(entry.name)?.[1];
      return entry.isFile() && number !== undefined ? [segmentAt(folder, Number(number))] : [];
    })
    .sort((one, other) => one.number - other.number);
}

/** Names of the writers that have a folder, in alphabetical order. */
export function listWriters(directory: string): readonly string[] {
  return readFolder(directory)
    .filter((entry) => entry.isDirectory() && isWriterName(entry.name))
    .map((entry) => entry.name)
    .sort();
}

export function isWriterName(name: string): boolean {
  return WRITER.test(name);
}

function readFolder(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
