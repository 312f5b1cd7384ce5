/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `structuredClone`: plain objects, arrays, `Map`, `Set`, `Date`, `RegExp`, errors, buffers and their views, boxed primitives, and cycles of them.
 *
 * @param {any} DOMException
 */
export function makeStructuredClone(DOMException) {
  const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const { apply } = Reflect;
  const { getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Object;
  const methods = {
    mapSize: getOwnPropertyDescriptor(Map.prototype, 'size')?.get,
    setSize: getOwnPropertyDescriptor(Set.prototype, 'size')?.get,
    time: Date.prototype.getTime,
    source: getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get,
    bufferLength: getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get,
    typed: getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get,
  };

  const attempt = (/** @type {any} */ method, /** @type {any} */ value) => {
    try {
      return apply(method, value, []);
    } catch {
      return undefined;
    }
  };

  const refuse = (/** @type {string} */ what) => {
    throw new DOMException(`A ${what} cannot be cloned`, 'DataCloneError');
  };

  const put = (/** @type {any} */ target, /** @type {any} */ key, /** @type {any} */ value) =>
    defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });

  return function structuredClone(/** @type {any} */ root) {
    const seen = new Map();

    const keep = (/** @type {any} */ value, /** @type {any} */ copy) => {
      seen.set(value, copy);
      return copy;
    };

    const copyMembers = (/** @type {any} */ value, /** @type {any} */ copy) => {
      for (const key of Object.keys(value)) {
        put(copy, key, clone(value[key]));
      }
      return copy;
    };

    const copyError = (/** @type {any} */ value) => {
      const name = Object.hasOwn(ERRORS, value.name) ? value.name : 'Error';
      const Kind = ERRORS[/** @type {keyof typeof ERRORS} */ (name)];
      const copy = keep(value, new Kind(String(value.message)));
      if (Object.hasOwn(value, 'cause')) {
        defineProperty(copy, 'cause', { value: clone(value.cause), configurable: true, writable: true });
      }
      defineProperty(copy, 'stack', { value: String(value.stack), configurable: true, writable: true });
      return copy;
    };

    /** @type {(value: any) => any} */
    const copyView = (value) => {
      const Kind = /** @type {any} */ (globalThis)[attempt(methods.typed, value) ?? 'DataView'];
      const length = value.length ?? value.byteLength;
      return keep(value, new Kind(clone(value.buffer), value.byteOffset, length));
    };

    /** @type {(value: any) => any} */
    const cloneObject = (value) => {
      if (Array.isArray(value)) {
        const copy = keep(value, []);
        copy.length = value.length;
        return copyMembers(value, copy);
      }
      if (attempt(methods.mapSize, value) !== undefined) {
        const copy = keep(value, new Map());
        for (const [key, entry] of Array.from(value)) {
          copy.set(clone(key), clone(entry));
        }
        return copy;
      }
      if (attempt(methods.setSize, value) !== undefined) {
        const copy = keep(value, new Set());
        for (const entry of Array.from(value)) {
          copy.add(clone(entry));
        }
        return copy;
      }
      const time = attempt(methods.time, value);
      if (time !== undefined) {
        return keep(value, new Date(time));
      }
      if (ArrayBuffer.isView(value)) {
        return copyView(value);
      }
      if (attempt(methods.bufferLength, value) !== undefined) {
        return keep(value, value.slice(0));
      }
      if (value instanceof RegExp && attempt(methods.source, value) !== undefined) {
        return keep(value, new RegExp(value.source, value.flags));
      }
      if (value instanceof Error) {
        return copyError(value);
      }
      return cloneOther(value);
    };

    const cloneOther = (/** @type {any} */ value) => {
      for (const Boxed of [String, Number, Boolean, BigInt]) {
        if (value instanceof Boxed) {
          return keep(value, new Object(value.valueOf()));
        }
      }
      if (
        value instanceof Promise ||
        value instanceof WeakMap ||
        value instanceof WeakSet ||
        value instanceof WeakRef
      ) {
        return refuse(value.constructor.name);
      }
      return copyMembers(value, keep(value, {}));
    };

    /** @type {(value: any) => any} */
    const clone = (value) => {
      if (typeof value === 'function' || typeof value === 'symbol') {
        return refuse(typeof value);
      }
      if (typeof value !== 'object' || value === null) {
        return value;
      }
      return seen.has(value) ? seen.get(value) : cloneObject(value);
    };

    return clone(root);
  };
}
