import { randomBytes } from 'node:crypto';
import { looseErrorLine } from '../errors/loose-error.js';
import { toFailure } from '../errors/failure.js';
import { compileScript } from '../source/compile-script.js';
import { toScriptError } from '../source/script-error.js';
import { watchCpu } from './cpu-watch.js';
import { toFileName } from './file-name.js';
import { Timers } from './timers.js';
import { answerUrl } from './url-service.js';

/** How long a world that ended may take to come to rest. */
const REST_MS = 250;
const MAX_LOOSE_LINES = 10;
const MAX_RANDOM_BYTES = 65_536;
/** Output over the bound is dropped by the host; this many times the bound ends the run. */
const OUTPUT_FACTOR = 10;

/**
 * @typedef {import('../../../../wire/messages.ts').RunMessage} RunMessage
 * @typedef {import('../../../../wire/messages.ts').SettleMessage} SettleMessage
 * @typedef {import('../../../../limits.ts').LimitName} LimitName
 *
 * @typedef {object} Result
 * @property {'ok' | 'error' | 'timeout' | 'memory' | 'limit'} status
 * @property {LimitName} [limit]
 * @property {string} [value]
 * @property {ReturnType<typeof toFailure>} [error]
 *
 * @typedef {object} Ended
 * @property {Result} result
 * @property {number} cpuMs
 * @property {number} heapBytes
 * @property {boolean} isIntact Whether its world can take another run.
 * @property {boolean} isClean Whether nothing of it is left running, and no limit of the process was near.
 */

/** One run of one script in one world. */
export class Run {
  #message;
  #guest;
  #send;
  #reserved;
  #fileName;
  #timers;
  #open = new Set();
  #outputBytes = 0;
  #looseLines = 0;
  #isStopped = false;
  /** @type {Result | undefined} */
  #result;
  /** @type {() => void} */
  #wake = () => {};
  #over = new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    this.#wake = resolve;
  });

  /**
   * @param {object} options
   * @param {RunMessage} options.message
   * @param {import('../isolate/guest.js').Guest} options.guest Idle.
   * @param {(message: object) => boolean} options.send
   * @param {ReadonlySet<string>} options.reserved Names that no session can have as globals.
   */
  constructor({ message, guest, send, reserved }) {
    this.#message = message;
    this.#guest = guest;
    this.#send = send;
    this.#reserved = reserved;
    this.#fileName = toFileName(message.name);
    this.#timers = new Timers((id) => this.#guest.enterLoose('fire', id));
  }

  /** @returns {Promise<Ended>} Never rejects. */
  async execute() {
    const guest = this.#guest;
    const startMs = guest.cpuMs;
    const usedMs = () => guest.cpuMs - startMs;
    const endWatch = watchCpu({
      cpuMs: usedMs,
      maxMs: this.#message.limits.cpuMs,
      onExceeded: () => this.#end({ status: 'timeout', limit: 'cpuMs' }),
    });
    guest.onLoose = (error) => this.#loose(error);
    this.#start().catch((error) => this.#loose(error));
    await this.#over;
    endWatch();
    this.#timers.stopAll();
    return this.#close(usedMs);
  }

  /** @param {SettleMessage} message */
  settle({ call, value, error }) {
    if (this.#result !== undefined || !this.#open.delete(call)) {
      return;
    }
    if (value !== undefined) {
      this.#guest.enterLoose('settle', call, true, value);
    } else {
      this.#guest.enterLoose('settle', call, false, JSON.stringify(error ?? { name: 'Error', message: 'failed' }));
    }
  }

  stop() {
    this.#isStopped = true;
    this.#end({ status: 'error', error: { name: 'AbortError', message: 'The run was stopped' } });
  }

  /**
   * Answers what the world of the script asks. Never throws.
   *
   * @param {string} kind
   * @param {any[]} values Of known types, for only the world's own code calls this.
   * @returns {unknown}
   */
  answer(kind, ...values) {
    if (this.#result !== undefined) {
      return undefined;
    }
    const [first, second, third, fourth] = values;
    switch (kind) {
      case 'call':
        return this.#call(first, second, third);
      case 'output':
        return this.#output(first, second);
      case 'timer':
        return this.#timers.start(first, second);
      case 'untimer':
        return this.#timers.stop(first);
      case 'url':
        return answerUrl(first, values.slice(1));
      case 'random':
        return randomBytes(Math.min(first, MAX_RANDOM_BYTES)).toString('latin1');
      case 'now':
        return performance.now();
      case 'limit':
        return this.#end({ status: 'limit', limit: first });
      case 'done':
        return this.#done(first);
      case 'fail': {
        const thrown = { name: first, message: second, stack: third, details: fourth };
        return this.#end({ status: 'error', error: toFailure(thrown, this.#fileName) });
      }
      default:
        return undefined;
    }
  }

  async #start() {
    const { code, language, keep, limits, prelude, data } = this.#message;
    if (Buffer.byteLength(code) > limits.sourceBytes) {
      this.#end({ status: 'limit', limit: 'sourceBytes' });
      return;
    }
    const guest = this.#guest;
    let script;
    let main;
    let functions;
    try {
      script = compileScript(code, { language, sessionReserved: keep ? this.#reserved : undefined });
      main = await guest.evaluate(script.main, this.#fileName);
      functions = script.functions && (await guest.evaluate(script.functions, this.#fileName));
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const given = await guest.evaluate({ text: `(${prelude}\n)`, prefixLength: 1 }, undefined);
    const { calls, parallelCalls, callInputBytes, resultBytes } = limits;
    const bounds = JSON.stringify({ calls, parallelCalls, callInputBytes, resultBytes });
    const refusal = await guest.enter('prelude', bounds, given, data);
    if (refusal !== undefined) {
      const message = `The prelude failed: ${String(refusal)}`;
      this.#end({ status: 'error', error: { name: 'Error', message } });
      return;
    }
    const declarations = JSON.stringify({ names: script.names, resets: script.resets });
    await guest.enter('main', main, script.implicit, declarations, functions);
  }

  /** @param {unknown} error Of the parser, or of V8 as it compiled. */
  #refuse(error) {
    if (this.#guest.isDisposed) {
      this.#loose(error);
      return;
    }
    const { name, message, line, column } = toScriptError(error);
    const place = line === undefined || column === undefined ? {} : { line, column };
    this.#end({ status: 'error', error: { name, message, ...place } });
  }

  /**
   * @param {number} call
   * @param {string} name
   * @param {string} input
   */
  #call(call, name, input) {
    const { limits, run } = this.#message;
    if (this.#open.size >= limits.parallelCalls || call > limits.calls) {
      // The world keeps to both by itself: what comes here is not from it.
      this.#end({ status: 'limit', limit: call > limits.calls ? 'calls' : 'parallelCalls' });
    } else if (Buffer.byteLength(input) > limits.callInputBytes) {
      this.#end({ status: 'limit', limit: 'callInputBytes' });
    } else if (this.#send({ type: 'call', run, call, name, input })) {
      this.#open.add(call);
    } else {
      this.#end({ status: 'limit', limit: 'callInputBytes' });
    }
  }

  /**
   * @param {'stdout' | 'stderr'} stream
   * @param {string} text
   */
  #output(stream, text) {
    this.#outputBytes += Buffer.byteLength(text);
    if (this.#outputBytes > OUTPUT_FACTOR * this.#message.limits.outputBytes) {
      this.#end({ status: 'limit', limit: 'outputBytes' });
      return;
    }
    this.#send({ type: 'output', run: this.#message.run, stream, text });
  }

  /** @param {string | undefined} value JSON text. */
  #done(value) {
    if (value !== undefined && Buffer.byteLength(value) > this.#message.limits.resultBytes) {
      this.#end({ status: 'limit', limit: 'resultBytes' });
    } else {
      this.#end(value === undefined ? { status: 'ok' } : { status: 'ok', value });
    }
  }

  /** @param {unknown} error That left the world with nobody to catch it, or the end of the world. */
  #loose(error) {
    if (this.#guest.isDisposed) {
      // Not asked of the error: a script can make one with any text.
      this.#end({ status: 'memory', limit: 'heapBytes' });
    } else if (this.#looseLines < MAX_LOOSE_LINES && this.#result?.status !== 'limit') {
      this.#looseLines += 1;
      this.#output('stderr', looseErrorLine(error));
    }
  }

  /** The first end counts. @param {Result} result */
  #end(result) {
    if (this.#result !== undefined) {
      return;
    }
    this.#result = result;
    if (isHard(result) || this.#isStopped) {
      this.#guest.dispose();
    }
    this.#wake();
  }

  /**
   * @param {() => number} usedMs
   * @returns {Promise<Ended>}
   */
  async #close(usedMs) {
    const guest = this.#guest;
    const result = this.#result ?? { status: 'error' };
    const cpuMs = usedMs();
    const isIdle = await guest.idle(REST_MS);
    const isIntact = isIdle && !guest.isDisposed;
    const heapBytes = isIntact ? guest.heapBytes() : 0;
    let isClean = isIdle;
    if (!isIntact || !this.#message.keep) {
      guest.dispose();
      isClean = await guest.idle(REST_MS);
    }
    return {
      result,
      cpuMs: Math.max(cpuMs, guest.isDisposed ? 0 : usedMs()),
      heapBytes,
      isIntact: isIntact && this.#message.keep,
      isClean: isClean && !isHard(result),
    };
  }
}

/** @param {Result} result */
function isHard({ status }) {
  return status === 'timeout' || status === 'memory' || status === 'limit';
}
