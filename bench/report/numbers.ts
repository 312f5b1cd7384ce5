import { spreadOf, type Spread } from '../statistics.ts';

const MIB = 1024 * 1024;

/** Three significant digits, and never an exponent. */
export function toNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return '–';
  }
  const whole = Math.abs(value) < 1 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, Math.min(3, 2 - whole)));
}

/** `median (min–max)`, or the median alone when there is nothing beside it. */
export function toSpread({ min, median, max }: Spread): string {
  return min === max || Number.isNaN(median)
    ? toNumber(median)
    : `${toNumber(median)} (${toNumber(min)}–${toNumber(max)})`;
}

export function toSpreadOf(values: readonly number[]): string {
  return toSpread(spreadOf(values));
}

export function toMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
