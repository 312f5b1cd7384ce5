/** An object that inherits nothing, so that no name in it means more than what was put there. */
export type Bare = Record<string, unknown>;

/** Functions of the language as they were before the script began. */
export interface Primordials {
  readonly defineProperty: typeof Object.defineProperty;
  readonly freeze: typeof Object.freeze;
  readonly keys: typeof Object.keys;
  readonly hasOwn: typeof Object.hasOwn;
  readonly descriptorOf: typeof Object.getOwnPropertyDescriptor;
  readonly parse: (text: string) => unknown;
  readonly stringify: (value: unknown) => string;
  readonly isArray: (value: unknown) => value is unknown[];
  readonly isObject: (value: unknown) => value is object;
  readonly sourceOf: (value: unknown) => string;
  readonly trim: (text: string) => string;
  /** A bare object, with the own members of a given one. */
  readonly record: (members?: unknown) => Bare;
  /** An own member of what may be anything; undefined when there is none. */
  readonly member: (value: unknown, name: string) => unknown;
  /** Adds to a list without calling a setter or minding what is inherited. */
  readonly push: (list: unknown[], value: unknown) => void;
}

/** Runs inside the sandbox: refers to nothing outside of itself. */
export function capturePrimordials(): Primordials {
  const { defineProperty, freeze, keys, hasOwn, getOwnPropertyDescriptor: descriptorOf } = Object;
  const { apply } = Reflect;
  const create: (prototype: null) => Bare = Object.create;
  const get: (target: object, name: PropertyKey) => unknown = Reflect.get;
  const parse: (text: string) => unknown = JSON.parse;
  const { stringify } = JSON;
  const isArray: (value: unknown) => value is unknown[] = Array.isArray;
  // oxlint-disable-next-line typescript/unbound-method -- called with `apply` only
  const [toString, trim] = [Function.prototype.toString, String.prototype.trim];

  function isObject(value: unknown): value is object {
    return typeof value === 'object' && value !== null && !isArray(value);
  }

  function record(members?: unknown): Bare {
    const made = create(null);
    if (!isObject(members)) return made;
    for (const name of keys(members)) made[name] = get(members, name);
    return made;
  }

  return freeze({
    defineProperty,
    freeze,
    keys,
    hasOwn,
    descriptorOf,
    parse,
    stringify,
    isArray,
    isObject,
    record,
    sourceOf: (value: unknown) => apply(toString, value, []),
    trim: (text: string) => apply(trim, text, []),
    member: (value: unknown, name: string) =>
      ((typeof value === 'object' && value !== null) || typeof value === 'function') && hasOwn(value, name)
        ? get(value, name)
        : undefined,
    push(list: unknown[], value: unknown): void {
      defineProperty(list, list.length, { value, writable: true, enumerable: true, configurable: true });
    },
  });
}
