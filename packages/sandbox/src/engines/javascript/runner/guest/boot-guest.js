/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Sets up the world of a script. Runs once, when the snapshot is made, and leaves two functions behind: `smcp:survey` is called in one trial isolate, and
 * tells what each isolate must be told by `smcp:open`, which is called once in each before anything else and gives the function through which the runner
 * enters.
 *
 * @param {any} make The other parts by name.
 * @param {string} fileMark What the file names of scripts start with.
 */
export function bootGuest(make, fileMark) {
  const { parse } = JSON;
  const { defineProperty, hasOwn } = Object;
  const REMOVED = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'gc', 'smcp:open', 'smcp:survey'];
  const PIECE = 262_144;

  /** @type {(kind: string, ...values: any[]) => any} */
  let send = () => undefined;
  const post = (/** @type {string} */ kind, /** @type {any[]} */ ...values) => send(kind, ...values);

  const print = (/** @type {string} */ stream, /** @type {string} */ text) => {
    for (let at = 0; at < text.length; at += PIECE) {
      post('output', stream, text.slice(at, at + PIECE));
    }
  };
  const now = () => post('now');

  const inspect = make.makeInspect();
  const toJson = make.makeToJson();
  const describeError = make.makeDescribeError(inspect, toJson);
  const report = (/** @type {any} */ error) => {
    const { name, message } = describeError(error);
    print('stderr', `Uncaught ${name}: ${message}\n`);
  };
  const calls = make.makeCalls(post, toJson);
  const timers = make.makeTimers(post, report);
  const { console, reset } = make.makeConsole(inspect, print, now);
  const DOMException = make.makeDomException();
  const { URLSearchParams, bind } = make.makeUrlSearchParams();
  const events = make.makeEvents(DOMException, report, timers.setTimeout);
  const intrinsics = make.makeIntrinsics();
  const settled = Promise.resolve();

  const queueMicrotask = (/** @type {any} */ callback) => {
    if (typeof callback !== 'function') {
      throw new TypeError('The callback of a microtask is a function');
    }
    // oxlint-disable-next-line promise/no-callback-in-promise -- a microtask is just that
    void settled.then(() => callback()).catch(report);
  };

  const globals = {
    ArrayBuffer: make.makeArrayBuffer(),
    console,
    DOMException,
    URLSearchParams,
    URL: make.makeUrl(post, URLSearchParams, bind),
    ...make.makeText(),
    ...make.makeBase64(DOMException),
    ...events,
    structuredClone: make.makeStructuredClone(DOMException),
    crypto: make.makeCrypto(post, DOMException),
    performance: { now },
    queueMicrotask,
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    clearTimeout: (/** @type {any} */ id) => timers.clear(id),
    clearInterval: (/** @type {any} */ id) => timers.clear(id),
  };
  for (const [key, value] of Object.entries(globals)) {
    defineProperty(globalThis, key, { value, writable: true, configurable: true, enumerable: false });
  }
  const hidden = { configurable: true, writable: true, enumerable: false };
  const stackText = make.makeStack(fileMark);
  intrinsics.collect();

  let limits = { resultBytes: 0 };

  const begin = (/** @type {string} */ given) => {
    limits = parse(given);
    calls.begin(limits);
    timers.begin();
    reset();
  };

  const declare = (/** @type {string[]} */ names, /** @type {string[]} */ resets) => {
    for (const name of names) {
      if (!hasOwn(globalThis, name)) {
        defineProperty(globalThis, name, {
          value: undefined,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
    }
    for (const name of resets) {
      /** @type {any} */ (globalThis)[name] = undefined;
    }
  };

  const returned = (/** @type {any} */ value, /** @type {boolean} */ isImplicit) => {
    try {
      return toJson(value, isImplicit ? 'The value of the last expression' : 'The returned value');
    } catch (error) {
      if (!isImplicit) {
        throw error;
      }
      print('stderr', `${describeError(error).message}\n`);
      return undefined;
    }
  };

  const main = async (
    /** @type {() => Promise<any>} */ script,
    /** @type {boolean} */ isImplicit,
    /** @type {string} */ declarations,
    /** @type {(() => void) | undefined} */ functions,
  ) => {
    try {
      const { names, resets } = parse(declarations);
      declare(names, resets);
      functions?.();
      const text = returned(await script(), isImplicit);
      if (text !== undefined && text.length > limits.resultBytes) {
        post('limit', 'resultBytes');
      }
      post('done', text);
    } catch (error) {
      const { name, message, stack, details } = describeError(error);
      post('fail', name, message, stack, details);
    }
  };

  const prelude = (
    /** @type {string} */ given,
    /** @type {(call: any, data: any) => void} */ start,
    /** @type {string} */ data,
  ) => {
    try {
      begin(given);
      start(calls.call, parse(data));
      return undefined;
    } catch (error) {
      return describeError(error).message;
    }
  };

  const entries = { prelude, main, settle: calls.settle, fire: timers.fire };

  /** Gives nothing back but a text: what a script made never crosses in any other way than through `post`. */
  const enter = (/** @type {keyof typeof entries} */ kind, /** @type {any[]} */ ...values) => {
    const result = Reflect.apply(entries[kind], undefined, values);
    return typeof result === 'string' ? result : undefined;
  };

  const removeUnwanted = () => {
    for (const key of REMOVED) {
      Reflect.deleteProperty(globalThis, key);
    }
  };

  const open = (
    /** @type {(kind: string, ...values: any[]) => any} */ given,
    /** @type {string} */ added,
  ) => {
    send = given;
    removeUnwanted();
    defineProperty(Error, 'prepareStackTrace', { ...hidden, value: stackText });
    defineProperty(Error, 'stackTraceLimit', { ...hidden, value: 30 });
    Object.freeze(stackText);
    intrinsics.freeze(parse(added));
    return enter;
  };
  const survey = () => {
    removeUnwanted();
    return JSON.stringify({ added: intrinsics.survey(), names: Object.getOwnPropertyNames(globalThis) });
  };
  defineProperty(globalThis, 'smcp:open', { ...hidden, value: open });
  defineProperty(globalThis, 'smcp:survey', { ...hidden, value: survey });
}
