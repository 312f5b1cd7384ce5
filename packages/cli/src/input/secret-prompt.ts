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
    return await new Promise((resolve, reject) => {
      let typed = '';
      const stop = (settle: () => void): void => {
        stdin.off('data', onData).off('end', onEnd);
        settle();
      };
      const interrupt = (): void => {
        stop(() => {
          reject(new CliError('INTERRUPTED', 'Interrupted; nothing was changed'));
        });
      };
      const onEnd = (): void => {
        interrupt();
      };
      const onData = (chunk: string | Uint8Array): void => {
        for (const char of String(chunk)) {
          if (char === CTRL_C) return interrupt();
          if (char === '\r' || char === '\n' || char === CTRL_D) {
            stop(() => {
              resolve(typed);
            });
            return undefined;
          }
          typed = edited(typed, char);
        }
        return undefined;
      };
      stdin.on('data', onData).on('end', onEnd);
      stdin.resume();
    });
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause();
    terminal.write('\n');
  }
}

function edited(typed: string, char: string): string {
  if (char === '\u007f' || char === '\b') return [...typed].slice(0, -1).join('');
  if (char === CTRL_U) return '';
  if (typed.length + char.length > MAX_CHARS) throw new CliError('INPUT_INVALID', `More than ${MAX_CHARS} characters`);
  return typed + char;
}
