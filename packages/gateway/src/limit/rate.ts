import type { RateConfig } from '../config/schema.ts';

/** A sustained rate with room for bursts. */
export interface Rate {
  /** Calls that come back per millisecond. */
  readonly callsPerMs: number;
  /** Calls that may come at once. */
  readonly burst: number;
  /** As configured, such as `600/min`; for messages. */
  readonly text: string;
}

const RATE = /^([1-9][0-9]{0,8})\/(s|min|h)$/;
const MAX_BURST = 1_000_000_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, min: 60 * 1000, h: 60 * 60 * 1000 };

/**
 * Reads a rate such as `{ calls: '600/min', burst: 50 }`. Without `burst` the number of calls in one unit may come at once.
 *
 * @throws {SyntaxError} When `calls` is not a number of 1 to 9 digits, a slash and `s`, `min` or `h`.
 * @throws {RangeError} When `burst` is not a whole number from 1 to 1,000,000,000.
 */
export function parseRate(config: RateConfig): Rate {
  const match = RATE.exec(config.calls);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unitMs === undefined) {
    throw new SyntaxError(
      `Rate "${config.calls.slice(0, 40)}" is not of the form 600/min (units: s, min, h)`,
    );
  }
  const calls = Number(match[1]);
  const burst = config.burst ?? calls;
  if (!Number.isInteger(burst) || burst < 1 || burst > MAX_BURST) {
    throw new RangeError(`Burst ${burst} is not a whole number from 1 to ${MAX_BURST}`);
  }
  return { callsPerMs: calls / unitMs, burst, text: config.calls };
}
