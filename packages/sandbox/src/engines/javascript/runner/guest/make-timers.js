/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes the timers of scripts. The runner keeps the time; what has not fired when the script is done never does.
 *
 * @param {(kind: string, ...values: any[]) => any} post
 * @param {(error: any) => void} report Told of what a callback threw.
 */
export function makeTimers(post, report) {
  const MAX_TIMERS = 1000;
  const MAX_DELAY_MS = 2 ** 31 - 1;

  let made = 0;
  let open = new Map();

  const start = (
    /** @type {any} */ callback,
    /** @type {any} */ delay,
    /** @type {any[]} */ values,
    /** @type {boolean} */ repeats,
  ) => {
    if (typeof callback !== 'function') {
      throw new TypeError('The callback of a timer is a function');
    }
    if (open.size >= MAX_TIMERS) {
      throw new RangeError(`More than ${MAX_TIMERS} timers at the same time`);
    }
    const wanted = Math.trunc(Number(delay));
    const delayMs = wanted >= 1 && wanted <= MAX_DELAY_MS ? wanted : 1;
    made += 1;
    open.set(made, { callback, values, delayMs, repeats });
    post('timer', made, delayMs);
    return made;
  };

  const fire = (/** @type {number} */ id) => {
    const timer = open.get(id);
    if (timer === undefined) {
      return;
    }
    if (!timer.repeats) {
      open.delete(id);
    }
    try {
      timer.callback(...timer.values);
    } catch (error) {
      report(error);
    }
    if (timer.repeats && open.has(id)) {
      post('timer', id, timer.delayMs);
    }
  };

  const clear = (/** @type {any} */ id) => {
    if (open.delete(id)) {
      post('untimer', id);
    }
  };

  return {
    setTimeout: (/** @type {any} */ callback, /** @type {any} */ delay, /** @type {any[]} */ ...values) =>
      start(callback, delay, values, false),
    setInterval: (/** @type {any} */ callback, /** @type {any} */ delay, /** @type {any[]} */ ...values) =>
      start(callback, delay, values, true),
    clear,
    fire,
    begin: () => {
      made = 0;
      open = new Map();
    },
  };
}
