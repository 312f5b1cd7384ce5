import { pino } from 'pino';
import { formatText, type LogLevel } from './log-text.ts';
import { safeText, safeValue, visibleJson, type LogValue, type Redact } from './log-value.ts';
import type { Logger } from './telemetry.ts';

export type LogThreshold = LogLevel | 'silent';

/** What the logger needs of a stream; `process.stderr` and every `Writable` have it. */
export interface LogStream {
  write(line: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly isTTY?: boolean;
  readonly writableLength?: number;
}

export interface LoggerOptions {
  readonly level: LogThreshold;
  /** `auto` is text on a terminal and JSON otherwise. */
  readonly format: 'auto' | 'text' | 'json';
  /** Where lines go. Default: standard error. */
  readonly stream?: LogStream;
  /** Whether a person watches; decides `auto` and colours. Default: what the stream says. */
  readonly isTerminal?: boolean;
  /** Removes secrets from a text. Applied to the message, to every key and to every value. */
  readonly redact: Redact;
  /** Wall clock in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** A logger whose threshold may change while it is in use. */
export interface LeveledLogger extends Logger {
  readonly level: LogThreshold;
  setLevel(level: LogThreshold): void;
}

/** Bytes that may wait in the stream; beyond them lines are dropped and counted. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Keys that the line itself uses. A field of that name gets an underscore behind it. */
const RESERVED = new Set(['level', 'time', 'msg']);

/**
 * Creates the logger of the gateway.
 *
 * A JSON line has `level`, `time` (ISO 8601, UTC), the fields and `msg`; a text line is `INFO message key=value`. Control characters are spelt out, every text is redacted and
 * cut at 8 KiB, and one call gives exactly one line. Its methods never throw: a reader that went away costs lines, not calls.
 */
export function createLogger(options: LoggerOptions): LeveledLogger {
  const { redact, stream = process.stderr, now = Date.now } = options;
  const isTerminal = options.isTerminal ?? stream.isTTY === true;
  const asText = options.format === 'text' || (options.format === 'auto' && isTerminal);
  if (!listening.has(stream)) {
    listening.add(stream);
    stream.on('error', ignoreBrokenStream);
  }

  let threshold = options.level;
  let dropped = 0;
  const destination = {
    // Asks pino to leave level, fields and message here before each write, so that text needs no parsing of JSON.
    [Symbol.for('pino.metadata')]: asText,
    lastLevel: 0,
    lastObj: {} as Readonly<Record<string, LogValue>>,
    lastMsg: '' as string | undefined,
    write(json: string): void {
      if ((stream.writableLength ?? 0) > MAX_WAITING_BYTES) {
        dropped += 1;
        return;
      }
      const line = asText
        ? formatText(levelNames[this.lastLevel] ?? 'info', this.lastMsg ?? '', this.lastObj, isTerminal)
        : visibleJson(json.trimEnd());
      if (dropped > 0) {
        const count = dropped;
        dropped = 0;
        log('warn', 'log lines dropped, the reader is too slow', { dropped: count });
      }
      stream.write(`${line}\n`);
    },
  };
  const sink = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are already plain copies; pino's own serializer would add a type and a stack.
      serializers: { err: (value: unknown) => value },
    },
    destination,
  );

  const log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (!sink.isLevelEnabled(level)) return;
    try {
      sink[level](safeFields(fields, redact), safeText(message, redact));
    } catch {
      // The stream refused the line (closed or broken): there is nowhere left to say so, and the caller's work matters more.
    }
  };

  return {
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
    get level() {
      return threshold;
    },
    setLevel(level) {
      threshold = level;
      sink.level = level;
    },
  };
}

const levelNames: Readonly<Record<number, LogLevel>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** Streams that already have our listener: several loggers may share standard error. */
const listening = new WeakSet<LogStream>();

/** EPIPE and its like: the reader of the log is gone. Without a listener Node would end the process, and every call in flight with it. */
function ignoreBrokenStream(): void {}

function safeFields(
  fields: Readonly<Record<string, unknown>> | undefined,
  redact: Redact,
): Record<string, LogValue> {
  if (fields === undefined) return {};
  const copy = safeValue(fields, redact);
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy)) return { fields: copy };
  return Object.fromEntries(
    Object.entries(copy).map(([key, value]) => [RESERVED.has(key) ? `${key}_` : key, value]),
  );
}
