/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `URL`. The runner parses; what comes back is the parts as data.
 *
 * @param {(kind: string, ...values: any[]) => any} post
 * @param {any} URLSearchParams
 * @param {(params: any, changed: (text: string) => void) => (text: string) => void} bind
 */
export function makeUrl(post, URLSearchParams, bind) {
  const MAX_LENGTH = 65_536;
  const { parse } = JSON;
  const SETTABLE = [
    'href',
    'protocol',
    'username',
    'password',
    'host',
    'hostname',
    'port',
    'pathname',
    'search',
    'hash',
  ];

  /** Gives the parts, or undefined where it is no URL. */
  const ask = (/** @type {any[]} */ ...values) => {
    if (values.some((value) => typeof value === 'string' && value.length > MAX_LENGTH)) {
      return undefined;
    }
    const text = post('url', ...values);
    return text === undefined ? undefined : parse(text);
  };

  const invalid = (/** @type {string} */ input) => {
    const error = new TypeError('Invalid URL');
    return Object.assign(error, { code: 'ERR_INVALID_URL', input: input.slice(0, 200) });
  };

  class URL {
    /** @type {any} */
    #parts;
    #params = new URLSearchParams();
    /** @type {(text: string) => void} */
    #refresh;

    constructor(/** @type {any} */ url, /** @type {any} */ base) {
      const input = String(url);
      const parts = ask('parse', input, base === undefined ? undefined : String(base));
      if (parts === undefined) {
        throw invalid(input);
      }
      this.#parts = parts;
      this.#refresh = bind(this.#params, (/** @type {string} */ text) => {
        this.#parts = ask('set', this.#parts.href, 'search', text) ?? this.#parts;
      });
      this.#refresh(parts.search);
    }

    static part(/** @type {URL} */ url, /** @type {string} */ name) {
      return url.#parts[name];
    }

    static change(/** @type {URL} */ url, /** @type {string} */ name, /** @type {any} */ value) {
      const parts = ask('set', url.#parts.href, name, String(value));
      if (parts === undefined && name === 'href') {
        throw invalid(String(value));
      }
      url.#parts = parts ?? url.#parts;
      url.#refresh(url.#parts.search);
    }

    static canParse(/** @type {any} */ url, /** @type {any} */ base) {
      return ask('parse', String(url), base === undefined ? undefined : String(base)) !== undefined;
    }

    static parse(/** @type {any} */ url, /** @type {any} */ base) {
      return URL.canParse(url, base) ? new URL(url, base) : null;
    }

    get origin() {
      return this.#parts.origin;
    }

    get searchParams() {
      return this.#params;
    }

    toString() {
      return this.#parts.href;
    }

    toJSON() {
      return this.#parts.href;
    }
  }

  const { part, change } = URL;
  for (const name of SETTABLE) {
    Object.defineProperty(URL.prototype, name, {
      get() {
        return part(this, name);
      },
      set(value) {
        change(this, name, value);
      },
      enumerable: true,
      configurable: true,
    });
  }
  Reflect.deleteProperty(URL, 'part');
  Reflect.deleteProperty(URL, 'change');
  return URL;
}
