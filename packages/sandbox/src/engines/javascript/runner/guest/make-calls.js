/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `call`, the one way out of a script, and what the runner needs to answer.
 *
 * Calls over `parallelCalls` wait here in the order in which they were made; a call over `calls`, or with more input than `callInputBytes`, ends the run.
 *
 * @param {(kind: string, ...values: any[]) => any} post
 * @param {(value: any, what: string) => string | undefined} toJson
 */
export function makeCalls(post, toJson) {
  const MAX_NAME = 200;
  const { parse } = JSON;

  let limits = { calls: 0, parallelCalls: 0, callInputBytes: 0 };
  let made = 0;
  let sent = 0;
  let open = new Map();
  /** @type {{ name: string, input: string, settle: any }[]} */
  let waiting = [];
  let next = 0;

  const send = (/** @type {{ name: string, input: string, settle: any }} */ entry) => {
    sent += 1;
    open.set(sent, entry.settle);
    post('call', sent, entry.name, entry.input);
  };

  const define = (/** @type {any} */ target, /** @type {string} */ key, /** @type {any} */ value) =>
    Object.defineProperty(target, key, {
      value,
      writable: true,
      configurable: true,
      enumerable: key === 'details',
    });

  const call = (/** @type {any} */ name, /** @type {any} */ input) => {
    // Made here and not when the answer comes: now the frames of the script are there.
    const failure = new Error();
    return new Promise((resolve, reject) => {
      if (typeof name !== 'string' || name === '' || name.length > MAX_NAME) {
        throw new TypeError('The name of a call is a text of 1 to 200 characters');
      }
      const text = toJson(input, 'What a call is given') ?? 'null';
      made += 1;
      if (made > limits.calls) {
        post('limit', 'calls');
      }
      if (text.length > limits.callInputBytes) {
        post('limit', 'callInputBytes');
      }
      const entry = { name, input: text, settle: { resolve, reject, failure } };
      if (open.size < limits.parallelCalls) {
        send(entry);
      } else {
        waiting.push(entry);
      }
    });
  };

  const sendNext = () => {
    const entry = waiting[next];
    if (entry === undefined) {
      return;
    }
    next += 1;
    if (next > 100 && next * 2 > waiting.length) {
      waiting = waiting.slice(next);
      next = 0;
    }
    send(entry);
  };

  const settle = (/** @type {number} */ id, /** @type {boolean} */ isOk, /** @type {string} */ text) => {
    const entry = open.get(id);
    if (entry === undefined) {
      return;
    }
    open.delete(id);
    sendNext();
    const value = parse(text);
    if (isOk) {
      entry.resolve(value);
      return;
    }
    define(entry.failure, 'name', value.name);
    define(entry.failure, 'message', value.message);
    if (value.details !== undefined) {
      define(entry.failure, 'details', value.details);
    }
    entry.reject(entry.failure);
  };

  const begin = (/** @type {typeof limits} */ given) => {
    limits = given;
    made = 0;
    sent = 0;
    next = 0;
    open = new Map();
    waiting = [];
  };

  return { call, settle, begin };
}
