/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `toJson(value, what)`, which writes a value as JSON text, or says why it cannot be written.
 *
 * As `JSON.stringify`, but: a `Map` with only texts as keys becomes an object and any other `Map` an array of `[key, value]`, a `Set` and a typed
 * array become arrays, an `Error` becomes `{name, message}` with its own members; functions, symbols and BigInts are refused and not left out.
 * A `Date` is its ISO text, NaN and the infinities are null, members that are undefined are left out.
 */
export function makeToJson() {
  const MAX_VISITS = 1_000_000;
  const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

  const { apply } = Reflect;
  const { getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Object;
  const { stringify } = JSON;
  const mapSize = getOwnPropertyDescriptor(Map.prototype, 'size')?.get;
  const setSize = getOwnPropertyDescriptor(Set.prototype, 'size')?.get;
  const typedTag = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;
  const mapEntries = Map.prototype.entries;
  const setValues = Set.prototype.values;

  const is = (/** @type {any} */ getter, /** @type {any} */ value) => {
    try {
      return apply(getter, value, []) !== undefined;
    } catch {
      return false;
    }
  };

  const put = (/** @type {any} */ target, /** @type {string} */ key, /** @type {any} */ value) =>
    defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });

  const fromMap = (/** @type {any} */ map) => {
    const entries = [...apply(mapEntries, map, [])];
    if (!entries.every(([key]) => typeof key === 'string')) {
      return entries;
    }
    const result = {};
    entries.forEach(([key, value]) => put(result, key, value));
    return result;
  };

  const fromError = (/** @type {any} */ error) => {
    const result = {};
    put(result, 'name', String(error.name));
    put(result, 'message', String(error.message));
    Object.entries(error).forEach(([key, value]) => put(result, key, value));
    return result;
  };

  /** What is written in place of a value. */
  const written = (/** @type {any} */ value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return value;
    }
    const prototype = getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return value;
    }
    if (is(mapSize, value)) {
      return fromMap(value);
    }
    if (is(setSize, value)) {
      return [...apply(setValues, value, [])];
    }
    if (is(typedTag, value)) {
      return Array.from(value, (item) => (typeof item === 'bigint' ? Number(item) : item));
    }
    return value instanceof Error ? fromError(value) : value;
  };

  const refusal = (/** @type {any} */ value) => {
    const kind = typeof value;
    if (kind === 'bigint') {
      return 'BigInt';
    }
    return kind === 'function' || kind === 'symbol' ? kind : undefined;
  };

  const REFUSED = new TypeError('refused');
  const check = (/** @type {string} */ _key, /** @type {any} */ value) => {
    if (typeof value === 'object') {
      return written(value);
    }
    if (refusal(value) !== undefined) {
      throw REFUSED;
    }
    return value;
  };

  const step = (/** @type {string} */ path, /** @type {any} */ parent, /** @type {string} */ key) => {
    if (Array.isArray(parent)) {
      return `${path}[${key}]`;
    }
    return IDENTIFIER.test(key) ? `${path}.${key}` : `${path}[${stringify(key.slice(0, 100))}]`;
  };

  /** Looks for what could not be written, slowly; only after it could not. */
  const explain = (/** @type {any} */ root) => {
    let visits = 0;
    /** @type {{ value: any, path: string, parents: any[] }[]} */
    const open = [{ value: root, path: '', parents: [] }];
    for (let next = open.pop(); next !== undefined && visits < MAX_VISITS; next = open.pop()) {
      visits += 1;
      const { path, parents } = next;
      const value = typeof next.value?.toJSON === 'function' ? next.value.toJSON('') : next.value;
      const refused = refusal(value);
      const place = path === '' ? '' : ` at ${path.slice(0, 500)}`;
      if (refused !== undefined) {
        return `${refused}${place}`;
      }
      if (parents.includes(value)) {
        return `a cycle${place}`;
      }
      if (typeof value === 'object' && value !== null && parents.length < 1000) {
        const shown = written(value);
        for (const [key, entry] of Object.entries(shown).reverse()) {
          open.push({ value: entry, path: step(path, shown, key), parents: [...parents, value] });
        }
      }
    }
    return 'it is too large or nested too deep';
  };

  /**
   * @param {any} value
   * @param {string} what Such as "The returned value".
   * @returns {string | undefined} Undefined for undefined.
   * @throws {TypeError} Saying what cannot be written, and where it is.
   */
  const toJson = (value, what) => {
    try {
      return stringify(value, check);
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof RangeError)) {
        throw error;
      }
      // oxlint-disable-next-line preserve-caught-error -- the script is told where, the cause would only tell that
      throw new TypeError(`${what} cannot be written as JSON: ${explain(value)}`);
    }
  };
  return toJson;
}
