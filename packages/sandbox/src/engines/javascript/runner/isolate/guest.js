import { FILE_MARK } from '../guest/guest-source.js';
import { ivm } from './ivm.js';

const MIB = 1024 * 1024;
/** isolated-vm takes no less. */
const SMALLEST_MIB = 8;
const OPEN = 'return globalThis["smcp:open"]($0, $1)';

/**
 * One isolate with one context: the world of one script, or of the scripts of one session.
 *
 * Code of scripts runs on threads of isolated-vm only, never on the one that this runs on; so no method here waits for the isolate's lock unless the
 * isolate is known to be idle.
 *
 * @typedef {string | number | boolean | undefined} Plain
 */
export class Guest {
  #isolate;
  #context;
  #enter;
  #cpuMs = 0;
  #inside = 0;
  /** Called when nothing runs in here any more. */
  #onEmpty = () => {};
  /** @type {(error: unknown) => void} */
  #onLoose = () => {};

  /**
   * @param {object} options
   * @param {import('./startup.js').Startup} options.startup
   * @param {number} options.heapBytes
   * @param {(kind: string, ...values: any[]) => unknown} options.onPost What the world asks of the runner; the script stands still meanwhile.
   * @param {(message: string) => void} options.onCatastrophe V8 has lost control: the process must end.
   */
  constructor({ startup, heapBytes, onPost, onCatastrophe }) {
    this.#isolate = new ivm.Isolate({
      memoryLimit: Math.max(SMALLEST_MIB, Math.ceil(heapBytes / MIB)),
      snapshot: startup.snapshot,
      onCatastrophicError: onCatastrophe,
    });
    this.#context = this.#isolate.createContextSync();
    this.#enter = this.#context.evalClosureSync(OPEN, [new ivm.Callback(onPost), startup.added], {
      result: { reference: true },
    });
  }

  /** Told of errors that left the world with nobody to catch them. */
  set onLoose(/** @type {(error: unknown) => void} */ listener) {
    this.#onLoose = listener;
  }

  get isDisposed() {
    return this.#isolate.isDisposed;
  }

  /** Processor time so far in milliseconds, also of code that runs at this moment; what was last seen once the world is gone. */
  get cpuMs() {
    if (!this.#isolate.isDisposed) {
      this.#cpuMs = Number(this.#isolate.cpuTime) / 1e6;
    }
    return this.#cpuMs;
  }

  /**
   * Compiles and evaluates a text that is one function expression.
   *
   * @param {import('../source/compile-script.js').CompiledText} compiled
   * @param {string | undefined} name Of the script; undefined for trusted text, whose frames are never shown.
   * @throws {SyntaxError} When V8 cannot compile it.
   */
  async evaluate({ text, prefixLength }, name) {
    const filename = name === undefined ? 'runtime' : `${FILE_MARK}${name}`;
    const script = this.#isolate.compileScriptSync(text, { filename, columnOffset: 0 - prefixLength });
    const reference = await this.#track(script.run(this.#context, { reference: true }));
    return reference;
  }

  /**
   * Enters the world. Resolves when this turn of it is over, to a text or undefined; rejects when the world ended meanwhile, or an error was left loose.
   *
   * @param {string} kind
   * @param {(Plain | import('isolated-vm').Reference)[]} values References are to functions of this world.
   */
  async enter(kind, ...values) {
    const passed = values.map((value) => (value instanceof ivm.Reference ? value.derefInto() : value));
    /** @type {unknown} */
    const result = await this.#track(this.#enter.apply(undefined, [kind, ...passed]));
    return result;
  }

  /**
   * As `enter`, with what goes wrong told to `onLoose` only.
   *
   * @param {string} kind
   * @param {Plain[]} values
   */
  enterLoose(kind, ...values) {
    this.enter(kind, ...values).catch((error) => this.#onLoose(error));
  }

  /**
   * Waits until no code runs in here.
   *
   * @param {number} patienceMs
   * @returns {Promise<boolean>} Whether that came true in time.
   */
  idle(patienceMs) {
    if (this.#inside === 0) {
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Bytes of the heap and what hangs on it; only to be called while idle. 0 when the world is gone. */
  heapBytes() {
    if (this.#isolate.isDisposed) {
      return 0;
    }
    const heap = this.#isolate.getHeapStatisticsSync();
    return heap.used_heap_size + heap.externally_allocated_size;
  }

  /** Ends the world; code that runs in it is stopped where V8 looks up from its work. See `idle`. */
  dispose() {
    if (!this.#isolate.isDisposed) {
      this.#isolate.dispose();
    }
  }

  /**
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async #track(work) {
    this.#inside += 1;
    try {
      return await work;
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) {
        this.#onEmpty();
      }
    }
  }
}
