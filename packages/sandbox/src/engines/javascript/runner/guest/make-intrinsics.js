/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes what turns the built-in objects of the language into things that no script can change.
 *
 * A frozen prototype has a catch: `error.name = 'X'` would be refused, for the prototype has a `name` that cannot be written. So members that are commonly
 * assigned on derived objects become accessors that give the built-in value and, when assigned to, make a member of the derived object's own.
 */
export function makeIntrinsics() {
  const { defineProperty, freeze, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf, hasOwn } =
    Object;
  const { ownKeys } = Reflect;
  const ASSIGNED = ['toString', 'toLocaleString', 'valueOf', 'toJSON', 'name', 'message'];

  // V8 keeps fast paths for these as long as their `constructor` is a plain member.
  const typedArray = getPrototypeOf(Uint8Array.prototype);
  const fast = new Set([
    Array.prototype,
    Promise.prototype,
    RegExp.prototype,
    ArrayBuffer.prototype,
    typedArray,
  ]);

  const tameMember = (/** @type {any} */ prototype, /** @type {string} */ key) => {
    const property = getOwnPropertyDescriptor(prototype, key);
    if (property?.writable !== true || property.configurable !== true) {
      return;
    }
    const { value, enumerable = false } = property;
    const accessors = {
      get() {
        return value;
      },
      set(/** @type {any} */ given) {
        if (this === prototype) {
          throw new TypeError(`Cannot assign to "${key}" of a built-in object`);
        }
        if ((typeof this !== 'object' && typeof this !== 'function') || this === null) {
          throw new TypeError(`Cannot assign to "${key}" of a primitive value`);
        }
        defineProperty(this, key, { value: given, writable: true, enumerable: true, configurable: true });
      },
    };
    defineProperty(prototype, key, {
      get: accessors.get,
      set: accessors.set,
      enumerable,
      configurable: true,
    });
  };

  /** @param {any} prototype */
  const tame = (prototype) => {
    const keys = prototype === Object.prototype ? getOwnPropertyNames(prototype) : ASSIGNED;
    for (const key of keys) {
      tameMember(prototype, key);
    }
    if (!fast.has(prototype) && getPrototypeOf(prototype) !== typedArray) {
      tameMember(prototype, 'constructor');
    }
  };

  const isObject = (/** @type {any} */ value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  const partsOf = (/** @type {any} */ owner, /** @type {PropertyKey} */ key) => {
    const property = getOwnPropertyDescriptor(owner, key);
    return [property?.value, property?.get, property?.set];
  };

  /** Everything that is reachable from some objects and not known yet, but the global object. */
  const reach = (/** @type {any[]} */ roots, /** @type {Set<any>} */ known) => {
    const found = new Set();
    const open = [...roots];
    while (open.length > 0) {
      const value = open.pop();
      if (!isObject(value) || value === globalThis || found.has(value) || known.has(value)) {
        continue;
      }
      found.add(value);
      open.push(getPrototypeOf(value));
      for (const key of ownKeys(value)) {
        open.push(...partsOf(value, key));
      }
    }
    return found;
  };

  /** Finds what is reachable from some objects, tames the prototypes among it, and adds it to what is to be frozen. */
  const include = (/** @type {any[]} */ roots) => {
    for (const value of reach(roots, known)) {
      const prototype =
        typeof value === 'function' && hasOwn(value, 'prototype') ? value.prototype : undefined;
      if (isObject(prototype) && !known.has(prototype)) {
        tame(prototype);
      }
    }
    // Only now, for the accessors just made must not be changed either.
    for (const value of reach(roots, known)) {
      known.add(value);
      all.push(value);
    }
  };

  /** Objects that have no name but only syntax or methods that give them. */
  const unnamed = () => {
    const generator = function* () {};
    const asyncGenerator = async function* () {};
    const asyncFunction = async () => {};
    return [
      getPrototypeOf(asyncFunction),
      getPrototypeOf(generator),
      getPrototypeOf(asyncGenerator),
      getPrototypeOf(generator()),
      getPrototypeOf(asyncGenerator()),
      getPrototypeOf([][Symbol.iterator]()),
      getPrototypeOf(''[Symbol.iterator]()),
      getPrototypeOf(new Map()[Symbol.iterator]()),
      getPrototypeOf(new Set()[Symbol.iterator]()),
      getPrototypeOf(''.matchAll(/x/g)),
      ...iteratorHelpers(),
      ...segments(),
    ];
  };

  const iteratorHelpers = () => {
    const helper = /** @type {any} */ ([].values()).map?.((/** @type {any} */ value) => value);
    const wrapped = /** @type {any} */ (globalThis).Iterator?.from?.({ next: () => ({ done: true }) });
    return [helper, wrapped].filter((value) => value !== undefined).map((value) => getPrototypeOf(value));
  };

  const segments = () => {
    const found = new Intl.Segmenter().segment('');
    return [getPrototypeOf(found), getPrototypeOf(found[Symbol.iterator]())];
  };

  /** @type {any[]} */
  const all = [];
  const known = new Set();

  const SYMBOLS = ownKeys(Symbol)
    .map((name) => /** @type {any} */ (Symbol)[name])
    .filter((value) => typeof value === 'symbol');

  return {
    /** Finds the built-in objects and tames their prototypes; to be called once, when all globals are there. */
    collect() {
      include([...ownKeys(globalThis).flatMap((key) => partsOf(globalThis, key)), ...unnamed()]);
    },

    /**
     * Finds what V8 put into this context after the snapshot, which it does with its newest parts: each as the index of its owner (-1 for the global
     * object) and its key, or the index of a well-known symbol.
     *
     * @returns {[number, string | number][]}
     */
    survey() {
      /** @type {[number, string | number][]} */
      const added = [];
      for (const [index, owner] of [globalThis, ...all].entries()) {
        for (const key of ownKeys(owner)) {
          if (partsOf(owner, key).some((part) => isObject(part) && part !== globalThis && !known.has(part))) {
            added.push([index - 1, typeof key === 'string' ? key : SYMBOLS.indexOf(key)]);
          }
        }
      }
      return added;
    },

    /**
     * Freezes the built-in objects, and the names of the globals.
     *
     * @param {[number, string | number][]} added What a survey of another context of the same snapshot found.
     */
    freeze(added) {
      include(
        added.flatMap(([index, key]) =>
          partsOf(index < 0 ? globalThis : all[index], typeof key === 'string' ? key : (SYMBOLS[key] ?? '')),
        ),
      );
      for (const value of all) {
        freeze(value);
      }
      // Each context has its own.
      freeze(getPrototypeOf(globalThis));
      for (const key of ownKeys(globalThis)) {
        const property = getOwnPropertyDescriptor(globalThis, key);
        if (property !== undefined && 'value' in property) {
          defineProperty(globalThis, key, { writable: false, configurable: false });
        }
      }
    },
  };
}
