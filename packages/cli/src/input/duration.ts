import { CliError } from '../errors/cli-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads `90s`, `10m`, `1h`, `30d` or `2w` as milliseconds; undefined for anything else. */
export function ifDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^([1-9][0-9]{0,5})([smhdw])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  return number === undefined || unitMs === undefined ? undefined : Number(number) * unitMs;
}

/**
 * A moment in the past: a duration before now, a date (its midnight in UTC) or a time with its zone.
 *
 * @returns ISO 8601.
 * @throws {CliError} `USAGE`
 */
export function parsePast(text: string, option: string, now: number): string {
  const duration = ifDuration(text);
  const moment = duration === undefined ? parseIso(text) : now - duration;
  if (moment === undefined) {
    throw new CliError(
      'USAGE',
      `${option} must be a duration such as 1h or 7d, or a time such as 2026-08-01T12:00:00Z`,
    );
  }
  return new Date(moment).toISOString();
}

/**
 * A moment to come: a duration from now, a date or a time with its zone.
 *
 * @returns ISO 8601.
 * @throws {CliError} `USAGE` when it cannot be read or is past.
 */
export function parseFuture(text: string, option: string, now: number): string {
  const duration = ifDuration(text);
  const moment = duration === undefined ? parseIso(text) : now + duration;
  if (moment === undefined) {
    throw new CliError(
      'USAGE',
      `${option} must be a duration such as 30d, a date such as 2027-01-31, or a time with its zone`,
    );
  }
  if (moment <= now) throw new CliError('USAGE', `${option} must lie in the future`);
  return new Date(moment).toISOString();
}

/** @throws {CliError} `USAGE` */
export function parseDurationSeconds(text: string, option: string): number {
  const duration = ifDuration(text);
  if (duration === undefined)
    throw new CliError('USAGE', `${option} must be a duration such as 90s, 10m or 1h`);
  return duration / 1000;
}

// A time without a zone would mean another moment on every machine.
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function parseIso(text: string): number | undefined {
  const moment = ISO.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}
