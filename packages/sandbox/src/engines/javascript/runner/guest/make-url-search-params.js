/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/** Makes `URLSearchParams`, and `bind`, which ties one to its URL. */
export function makeUrlSearchParams() {
  const ESCAPED = /[!'()~]/g;
  const RUN = /(?:%[0-9A-Fa-f]{2})+/g;

  const encode = (/** @type {string} */ text) =>
    encodeURIComponent(text.toWellFormed())
      .replaceAll(ESCAPED, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');

  const decodeRun = (/** @type {string} */ run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
      return new TextDecoder().decode(bytes);
    }
  };
  const decode = (/** @type {string} */ text) => text.replaceAll('+', ' ').replaceAll(RUN, decodeRun);

  const parse = (/** @type {string} */ text) =>
    text
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=');
        return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
      });

  const pairsOf = (/** @type {any} */ init) => {
    if (typeof init !== 'object' || init === null) {
      return parse(String(init ?? '').replace(/^\?/, ''));
    }
    if (typeof init[Symbol.iterator] !== 'function') {
      return Object.entries(init).map(([key, value]) => [key.toWellFormed(), String(value).toWellFormed()]);
    }
    return Array.from(init, (/** @type {any} */ pair) => {
      const entry = [...pair];
      if (entry.length !== 2) {
        throw new TypeError('Each pair has a name and a value');
      }
      return [String(entry[0]).toWellFormed(), String(entry[1]).toWellFormed()];
    });
  };

  class URLSearchParams {
    /** @type {string[][]} */
    #pairs;
    /** @type {((text: string) => void) | undefined} */
    #changed;

    constructor(/** @type {any} */ init = '') {
      this.#pairs = pairsOf(init);
    }

    /** Calls `changed` when the script changes the list; gives a function that sets it anew without that. */
    static bind(/** @type {URLSearchParams} */ params, /** @type {(text: string) => void} */ changed) {
      params.#changed = changed;
      return (/** @type {string} */ text) => {
        params.#pairs = parse(text.replace(/^\?/, ''));
      };
    }

    #set(/** @type {string[][]} */ pairs) {
      this.#pairs = pairs;
      this.#changed?.(this.toString());
    }

    get size() {
      return this.#pairs.length;
    }

    append(/** @type {any} */ name, /** @type {any} */ value) {
      this.#set([...this.#pairs, [String(name).toWellFormed(), String(value).toWellFormed()]]);
    }

    delete(/** @type {any} */ name, /** @type {any} */ value) {
      this.#set(this.#pairs.filter((pair) => !this.#matches(pair, name, value)));
    }

    get(/** @type {any} */ name) {
      return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
    }

    getAll(/** @type {any} */ name) {
      return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
    }

    has(/** @type {any} */ name, /** @type {any} */ value) {
      return this.#pairs.some((pair) => this.#matches(pair, name, value));
    }

    set(/** @type {any} */ name, /** @type {any} */ value) {
      const pair = [String(name).toWellFormed(), String(value).toWellFormed()];
      const at = this.#pairs.findIndex(([key]) => key === pair[0]);
      if (at < 0) {
        this.#set([...this.#pairs, pair]);
      } else {
        this.#set(
          this.#pairs.flatMap((entry, index) =>
            index === at ? [pair] : entry[0] === pair[0] ? [] : [entry],
          ),
        );
      }
    }

    sort() {
      this.#set(this.#pairs.toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)));
    }

    forEach(/** @type {any} */ callback, /** @type {any} */ receiver) {
      for (const [name, value] of this.#pairs) {
        Reflect.apply(callback, receiver, [value, name, this]);
      }
    }

    *keys() {
      for (const [name] of this.#pairs) {
        yield name;
      }
    }

    *values() {
      for (const [, value] of this.#pairs) {
        yield value;
      }
    }

    *entries() {
      for (const [name, value] of this.#pairs) {
        yield [name, value];
      }
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    toString() {
      return this.#pairs.map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`).join('&');
    }

    #matches(/** @type {string[]} */ pair, /** @type {any} */ name, /** @type {any} */ value) {
      return pair[0] === String(name) && (value === undefined || pair[1] === String(value));
    }
  }

  const { bind } = URLSearchParams;
  Reflect.deleteProperty(URLSearchParams, 'bind');
  return { URLSearchParams, bind };
}
