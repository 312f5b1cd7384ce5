import { looseErrorLine } from '../errors/loose-error.js';

const MAX_LOOSE_LINES = 10;
/** Output over the bound is dropped by the host; this many times the bound ends the run. */
const OUTPUT_FACTOR = 10;

/** What of a run goes out to the host before it is done: its calls and its output. */
export class Outlet {
  #message;
  #send;
  #ending;
  /** @type {Set<number>} */
  #open = new Set();
  #outputBytes = 0;
  #looseLines = 0;

  /**
   * @param {import('../../../../wire/messages.ts').RunMessage} message
   * @param {(message: object) => boolean} send False when it was too long.
   * @param {import('./result.js').Ending} ending
   */
  constructor(message, send, ending) {
    this.#message = message;
    this.#send = send;
    this.#ending = ending;
  }

  /**
   * @param {number} call
   * @param {string} name
   * @param {string} input JSON text.
   */
  call(call, name, input) {
    const { limits, run } = this.#message;
    // The world keeps to these by itself. What comes here over them is not from it.
    if (call > limits.calls) {
      this.#ending.exceed('calls');
    } else if (this.#open.size >= limits.parallelCalls) {
      this.#ending.exceed('parallelCalls');
    } else if (Buffer.byteLength(input) > limits.callInputBytes) {
      this.#ending.exceed('callInputBytes');
    } else if (this.#send({ type: 'call', run, call, name, input })) {
      this.#open.add(call);
    } else {
      this.#ending.exceed('callInputBytes');
    }
  }

  /**
   * @param {number} call
   * @returns {boolean} Whether it was open.
   */
  close(call) {
    return this.#open.delete(call);
  }

  /**
   * @param {'stdout' | 'stderr'} stream
   * @param {string} text
   */
  print(stream, text) {
    const { limits, run } = this.#message;
    this.#outputBytes += Buffer.byteLength(text);
    if (this.#outputBytes > OUTPUT_FACTOR * limits.outputBytes) {
      this.#ending.exceed('outputBytes');
    } else {
      this.#send({ type: 'output', run, stream, text });
    }
  }

  /** @param {unknown} error That nothing in the script handled. */
  printLoose(error) {
    if (this.#looseLines < MAX_LOOSE_LINES) {
      this.#looseLines += 1;
      this.print('stderr', looseErrorLine(error));
    }
  }
}
