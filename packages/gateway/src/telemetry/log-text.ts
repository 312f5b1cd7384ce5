import { styleText } from 'node:util';
import { visible, type LogValue } from './log-value.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const COLOURS = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const;
const PLAIN = /^[^\s"=\\]+$/;

/**
 * One line for people: `INFO listening on :8080 key=value`, without a time and without the final newline. Values are quoted as JSON unless they are one plain word.
 *
 * @param colour Colours the level; the text is otherwise the same.
 */
export function formatText(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, LogValue>>,
  colour: boolean,
): string {
  const label = level.toUpperCase();
  // NOTE: the stream was judged by the caller; styleText would judge process.stdout.
  let line = `${colour ? styleText(COLOURS[level], label, { validateStream: false }) : label} ${visible(message)}`;
  for (const [key, value] of Object.entries(fields)) line += ` ${visible(key)}=${formatValue(value)}`;
  return line;
}

function formatValue(value: LogValue): string {
  if (typeof value !== 'string') return visible(JSON.stringify(value));
  return PLAIN.test(value) && visible(value) === value ? value : visible(JSON.stringify(value));
}
