import { createInterface } from 'node:readline';
import type { InStream, OutStream } from '../../cli/io.ts';

/** Asks a yes-or-no question on a terminal. Only `y` or `yes` is a yes; so the end of input is none. */
export async function confirm(question: string, stdin: InStream, terminal: OutStream): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const lines = createInterface({ input: stdin, terminal: false });
  lines.once('line', resolve).once('close', () => {
    resolve('');
  });
  terminal.write(question);
  try {
    return /^\s*y(?:es)?\s*$/i.test(await promise);
  } finally {
    lines.close();
    stdin.pause();
  }
}
