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
 */
export class Guest {
  #isolate;
  #context;
  #enter;
  /** @type {Set<Promise<unknown>>} */
  #inside = new Set();
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

  /** Processor time so far, also of code that runs at this moment. */
  get cpuMs() {
    return this.#isolate.isDisposed ? 0 : Number(this.#isolate.cpuTime) / 1e6;
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
    const script = this.#isolate.compileScriptSync(text, { filename, columnOffset: -prefixLength });
    const reference = await this.#track(script.run(this.#context, { reference: true }));
    return /** @type {import('isolated-vm').Reference} */ (reference);
  }

  /**
   * Enters the world. Resolves when this turn of it is over, to a text or undefined; rejects when the world ended meanwhile, or an error was left loose.
   *
   * @param {string} kind
   * @param {any[]} values Primitive values and references to functions of this world.
   */
  async enter(kind, ...values) {
    const passed = values.map((value) => (value instanceof ivm.Reference ? value.derefInto() : value));
    return this.#track(this.#enter.apply(undefined, [kind, ...passed]));
  }

  /**
   * As `enter`, with what goes wrong told to `onLoose` only.
   *
   * @param {string} kind
   * @param {any[]} values
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
  async idle(patienceMs) {
    const deadline = performance.now() + patienceMs;
    while (this.#inside.size > 0) {
      const left = deadline - performance.now();
      if (left <= 0) {
        return false;
      }
      await Promise.race([...this.#inside, after(left)]).catch(() => undefined);
    }
    return true;
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
    this.#inside.add(work);
    try {
      return await work;
    } finally {
      this.#inside.delete(work);
    }
  }
}

/** @param {number} delayMs */
function after(delayMs) {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref();
  });
}
