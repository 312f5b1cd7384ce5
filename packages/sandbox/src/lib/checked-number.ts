/**
 * A setting that has to be a whole number within bounds.
 *
 * @throws {RangeError} When it is not.
 */
export function checkedInteger(name: string, value: number, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`Setting "${name}" is ${value}, expected a whole number from ${min} to ${max}`);
  }
  return value;
}
