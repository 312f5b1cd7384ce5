import { PassThrough } from 'node:stream';
import { createLogger, type LeveledLogger, type LoggerOptions } from '../../src/telemetry/index.ts';

/** A logger that writes to memory, and what it wrote. */
export function memoryLogger(options: Partial<LoggerOptions> = {}): {
  logger: LeveledLogger;
  text: () => string;
  lines: () => string[];
} {
  const stream = new PassThrough();
  const text = (): string => {
    const chunk: unknown = stream.read();
    written += Buffer.isBuffer(chunk) ? chunk.toString('utf8') : '';
    return written;
  };
  let written = '';
  const logger = createLogger({
    level: 'info',
    format: 'text',
    redact: (value) => value,
    stream,
    now: () => Date.UTC(2026, 0, 2),
    ...options,
  });
  return { logger, text, lines: () => text().split('\n').slice(0, -1) };
}
