/**
 * How a run ended.
 *
 * @typedef {object} Result
 * @property {'ok' | 'error' | 'timeout' | 'memory' | 'limit'} status See `OutcomeStatus`.
 * @property {import('../../../../limits.ts').LimitName} [limit] The limit that ended it.
 * @property {string} [value] JSON text.
 * @property {import('../../../../outcome.ts').ScriptFailure} [error] What it threw.
 */

/** The one result of a run: the first counts. */
export class Ending {
  #onEnd;
  /** @type {Result | undefined} */
  #result;
  /** @type {(result: Result) => void} */
  #resolve = () => undefined;
  /** Settles with the result. */
  over = new Promise((/** @type {(result: Result) => void} */ resolve) => {
    this.#resolve = resolve;
  });

  /** @param {(result: Result) => void} onEnd Called once, at once. */
  constructor(onEnd) {
    this.#onEnd = onEnd;
  }

  get isOver() {
    return this.#result !== undefined;
  }

  /** @param {Result} result */
  end(result) {
    if (this.#result === undefined) {
      this.#result = result;
      this.#onEnd(result);
      this.#resolve(result);
    }
  }

  /** @param {import('../../../../limits.ts').LimitName} limit */
  exceed(limit) {
    this.end({ status: 'limit', limit });
  }
}

/**
 * Whether a run ended by force, after which its process is not used again.
 *
 * @param {Result} result
 */
export function isForced({ status }) {
  return status === 'timeout' || status === 'memory' || status === 'limit';
}
