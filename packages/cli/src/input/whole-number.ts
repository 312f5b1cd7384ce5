import { CliError } from '../errors/cli-error.ts';

/** @throws {CliError} `USAGE` unless `text` is a whole number within the bounds. */
export function parseWholeNumber(
  text: string,
  option: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    throw new CliError('USAGE', `${option} must be a whole number from ${bounds.min} to ${bounds.max}`);
  }
  return value;
}
