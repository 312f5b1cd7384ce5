import type { Readable, Writable } from 'node:stream';

export type OutStream = Writable & { readonly isTTY?: boolean };
export type InStream = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

/** Everything of the outside that a command may touch, besides files and programs. */
export interface Io {
  readonly stdin: InStream;
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, now: Date.now };
}
