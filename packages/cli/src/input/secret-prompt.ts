import type { InStream, OutStream } from '../cli/io.ts';
import { CliError } from '../errors/cli-error.ts';

const MAX_CHARS = 64 * 1024;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

/**
 * Asks for a secret on a terminal without showing what is typed or pasted. Ends with Enter or Ctrl-D.
 *
 * @throws {CliError} `INTERRUPTED` on Ctrl-C, and when the terminal closes.
 */
export async function promptSecret(prompt: string, stdin: InStream, terminal: OutStream): Promise<string> {
  terminal.write(prompt);
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    terminal.write('\n');
  }
}

function typedLine(stdin: InStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const interrupt = (): void => {
    reject(new CliError('INTERRUPTED', 'Interrupted; nothing was changed'));
  };
  const onData = (chunk: string | Uint8Array): void => {
    for (const char of String(chunk)) {
      if (char === CTRL_C) return interrupt();
      if (char === '\r' || char === '\n' || char === CTRL_D) return resolve(typed);
      typed = edited(typed, char);
    }
    if (typed.length > MAX_CHARS) reject(new CliError('INPUT_INVALID', `More than ${MAX_CHARS} characters`));
  };
  stdin.on('data', onData).on('end', interrupt);
  stdin.resume();
  return promise.finally(() => stdin.off('data', onData).off('end', interrupt));
}

function edited(typed: string, char: string): string {
  if (char === '\u007f' || char === '\b') return Array.from(typed).slice(0, -1).join('');
  return char === CTRL_U ? '' : typed + char;
}
