/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `Event`, `EventTarget`, `AbortController` and `AbortSignal`.
 *
 * @param {any} DOMException
 * @param {(error: any) => void} report Told of what a listener threw.
 * @param {(callback: () => void, delayMs: number) => any} setTimeout
 */
export function makeEvents(DOMException, report, setTimeout) {
  class Event {
    #type;
    #cancelable;
    #prevented = false;
    stopped = false;
    target = null;

    constructor(/** @type {any} */ type, /** @type {any} */ options = {}) {
      this.#type = String(type);
      this.#cancelable = Boolean(options?.cancelable);
    }

    get type() {
      return this.#type;
    }

    get cancelable() {
      return this.#cancelable;
    }

    get defaultPrevented() {
      return this.#prevented;
    }

    preventDefault() {
      this.#prevented = this.#cancelable;
    }

    stopImmediatePropagation() {
      this.stopped = true;
    }
  }

  class EventTarget {
    /** @type {Map<string, { listener: any, once: boolean }[]>} */
    #listeners = new Map();

    addEventListener(/** @type {any} */ type, /** @type {any} */ listener, /** @type {any} */ options) {
      const known = this.#listeners.get(String(type)) ?? [];
      const isUsable = typeof listener === 'function' || typeof listener?.handleEvent === 'function';
      if (isUsable && !known.some((entry) => entry.listener === listener)) {
        this.#listeners.set(String(type), [...known, { listener, once: Boolean(options?.once) }]);
      }
    }

    removeEventListener(/** @type {any} */ type, /** @type {any} */ listener) {
      const known = this.#listeners.get(String(type)) ?? [];
      this.#listeners.set(
        String(type),
        known.filter((entry) => entry.listener !== listener),
      );
    }

    dispatchEvent(/** @type {any} */ event) {
      event.target = this;
      const handler = /** @type {any} */ (this)[`on${event.type}`];
      const own = typeof handler === 'function' ? [{ listener: handler, once: false }] : [];
      for (const { listener, once } of [...own, ...(this.#listeners.get(event.type) ?? [])]) {
        if (once) {
          this.removeEventListener(event.type, listener);
        }
        try {
          if (typeof listener === 'function') {
            Reflect.apply(listener, this, [event]);
          } else {
            listener.handleEvent(event);
          }
        } catch (error) {
          report(error);
        }
        if (event.stopped) {
          break;
        }
      }
      return !event.defaultPrevented;
    }
  }

  const KEY = {};
  const abort = (/** @type {any} */ signal, /** @type {any} */ reason, /** @type {string} */ kind) => {
    const given = reason === undefined ? new DOMException('The operation was aborted', kind) : reason;
    stop(signal, given);
  };

  class AbortSignal extends EventTarget {
    #aborted = false;
    /** @type {any} */
    #reason;
    onabort = null;

    constructor(/** @type {any} */ key) {
      if (key !== KEY) {
        throw new TypeError('A signal comes from an AbortController');
      }
      super();
    }

    get aborted() {
      return this.#aborted;
    }

    get reason() {
      return this.#reason;
    }

    throwIfAborted() {
      if (this.#aborted) {
        throw this.#reason;
      }
    }

    static stop(/** @type {AbortSignal} */ signal, /** @type {any} */ reason) {
      if (!signal.#aborted) {
        signal.#aborted = true;
        signal.#reason = reason;
        signal.dispatchEvent(new Event('abort'));
      }
    }

    static abort(/** @type {any} */ reason) {
      const signal = new AbortSignal(KEY);
      abort(signal, reason, 'AbortError');
      return signal;
    }

    static timeout(/** @type {any} */ delayMs) {
      const signal = new AbortSignal(KEY);
      setTimeout(
        () => abort(signal, new DOMException('The time is up', 'TimeoutError'), 'TimeoutError'),
        delayMs,
      );
      return signal;
    }

    static any(/** @type {any} */ signals) {
      const result = new AbortSignal(KEY);
      for (const signal of signals) {
        if (signal.aborted) {
          abort(result, signal.reason, 'AbortError');
          break;
        }
        signal.addEventListener('abort', () => abort(result, signal.reason, 'AbortError'), { once: true });
      }
      return result;
    }
  }

  const { stop } = AbortSignal;
  Reflect.deleteProperty(AbortSignal, 'stop');

  class AbortController {
    #signal = new AbortSignal(KEY);

    get signal() {
      return this.#signal;
    }

    abort(/** @type {any} */ reason) {
      abort(this.#signal, reason, 'AbortError');
    }
  }

  return { Event, EventTarget, AbortController, AbortSignal };
}
