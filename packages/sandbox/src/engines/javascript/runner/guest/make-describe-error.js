/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `describeError(thrown)`: whatever a script threw, as bounded plain data. Nothing that the thrown thing does can make it fail.
 *
 * @param {(value: any, depth?: number) => string} inspect
 * @param {(value: any, what: string) => string | undefined} toJson
 */
export function makeDescribeError(inspect, toJson) {
  const MAX_NAME = 100;
  const MAX_MESSAGE = 8192;
  const MAX_STACK = 16_384;
  const MAX_DETAILS = 65_536;

  /** Reads a member that may be a getter, a trap, or of another type. */
  const textOf = (/** @type {any} */ value, /** @type {string} */ key) => {
    try {
      const text = value[key];
      return typeof text === 'string' ? text : undefined;
    } catch {
      return undefined;
    }
  };

  const detailsOf = (/** @type {any} */ value) => {
    try {
      const text = toJson(Object.getOwnPropertyDescriptor(value, 'details')?.value, 'details');
      return text === undefined || text.length > MAX_DETAILS ? undefined : text;
    } catch {
      return undefined;
    }
  };

  const cut = (/** @type {string} */ text, /** @type {number} */ max) =>
    text.length > max ? `${text.slice(0, max - 3)}...` : text;

  /**
   * @param {any} thrown
   * @returns {{ name: string, message: string, stack: string, details: string | undefined }} `details` is JSON text.
   */
  return (thrown) => {
    const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
    const message = isObject ? textOf(thrown, 'message') : undefined;
    const name = isObject ? textOf(thrown, 'name') : undefined;
    if (message === undefined) {
      const text = typeof thrown === 'string' ? thrown : inspect(thrown);
      return { name: 'Error', message: cut(text, MAX_MESSAGE), stack: '', details: undefined };
    }
    const stack = textOf(thrown, 'stack') ?? '';
    return {
      name: cut(name === undefined || name === '' ? 'Error' : name, MAX_NAME),
      message: cut(message, MAX_MESSAGE),
      stack: stack.slice(-MAX_STACK),
      details: detailsOf(thrown),
    };
  };
}
