import { ProtocolError } from './protocol-error.ts';

/** The members of one object that a stranger sent, read by name and type; each wrong one is a `ProtocolError`. */
export class Members {
  readonly #what: string;
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(what: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ProtocolError(`${what} is no object`);
    }
    this.#what = what;
    this.#object = { ...value };
  }

  /** Refuses members of other names. */
  only(names: readonly string[]): void {
    for (const name of Object.keys(this.#object)) {
      if (!names.includes(name)) {
        throw new ProtocolError(`${this.#what} has a member "${name.slice(0, 40)}" that is not known`);
      }
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  value(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === 'string' ? value : this.#wrong(name, 'text');
  }

  /** Text, of which no more than so many characters are taken. */
  shortText(name: string, maxLength: number): string {
    return this.text(name).slice(0, maxLength);
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return typeof value === 'boolean' ? value : this.#wrong(name, 'true or false');
  }

  /** A whole number from 1. */
  count(name: string): number {
    const value = this.value(name);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
      ? value
      : this.#wrong(name, 'a whole number from 1');
  }

  /** A number from 0. */
  amount(name: string): number {
    const value = this.value(name);
    return typeof value === 'number' && Number.isFinite(value) && value >= 0
      ? value
      : this.#wrong(name, 'a number from 0');
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.value(name);
    return values.find((known) => known === value) ?? this.#wrong(name, `one of ${values.join(', ')}`);
  }

  #wrong(name: string, wanted: string): never {
    throw new ProtocolError(`Member "${name}" of ${this.#what} is not ${wanted}`);
  }
}
