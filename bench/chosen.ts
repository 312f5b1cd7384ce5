/**
 * What an option names that may be given several times, in the order of `known`; all of it when the option was not given.
 *
 * @throws {TypeError} When it names something else.
 */
export function chosen<T extends string>(
  option: string,
  given: readonly string[],
  known: readonly T[],
): readonly T[] {
  const stranger = given.find((name) => !known.some((one) => one === name));
  if (stranger !== undefined) {
    throw new TypeError(`${option} is one of ${known.join(', ')}, got "${stranger}"`);
  }
  return given.length === 0 ? known : known.filter((one) => given.includes(one));
}
