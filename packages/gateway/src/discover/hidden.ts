import { inspect } from 'node:util';

const SHOWN = '[hidden]';

/** A value that no printing shows: neither `JSON.stringify`, nor `console.log`, nor a template. Whoever needs it asks for it by name. */
export class Hidden<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. What is done with it must not end in a log, a message or on a terminal. */
  reveal(): T {
    return this.#value;
  }

  toJSON(): string {
    return SHOWN;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
