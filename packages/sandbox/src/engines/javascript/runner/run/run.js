import { ScriptError } from '../source/script-error.js';
import { createAnswers } from './answer-world.js';
import { toFileName } from './file-name.js';
import { Outlet } from './outlet.js';
import { Ending, isForced } from './result.js';
import { SpoiltWorldError, startScript } from './start-script.js';
import { Timers } from './timers.js';
import { watchGuest } from './watch-guest.js';

/** How long a world that ended may take to come to rest. */
const REST_MS = 250;

/**
 * @typedef {object} Ended
 * @property {import('./result.js').Result} result How it ended.
 * @property {number} cpuMs Processor time of the script.
 * @property {number} heapBytes What it had in memory at its end; 0 when its world was gone.
 * @property {boolean} isIntact Whether its world can take another run.
 * @property {boolean} isClean Whether nothing of it is left running, and it did not end by force.
 */

/** One run of one script in one world. */
export class Run {
  #message;
  #guest;
  #reserved;
  #fileName;
  #timers;
  #outlet;
  #isSpoilt = false;
  #isStopped = false;
  #ending = new Ending((result) => {
    if (isForced(result) || this.#isStopped) {
      this.#guest.dispose();
    }
  });

  /** Answers what the world of the script asks. */
  answer;

  /**
   * @param {object} options
   * @param {import('../../../../wire/messages.ts').RunMessage} options.message
   * @param {import('../isolate/guest.js').Guest} options.guest Idle.
   * @param {(message: object) => boolean} options.send False when it was too long.
   * @param {ReadonlySet<string>} options.reserved Names that no session can have as globals.
   */
  constructor({ message, guest, send, reserved }) {
    this.#message = message;
    this.#guest = guest;
    this.#reserved = reserved;
    this.#fileName = toFileName(message.name);
    this.#timers = new Timers((id) => this.#guest.enterLoose('fire', id));
    this.#outlet = new Outlet(message, send, this.#ending);
    this.answer = createAnswers({
      outlet: this.#outlet,
      timers: this.#timers,
      ending: this.#ending,
      resultBytes: message.limits.resultBytes,
      fileName: this.#fileName,
    });
  }

  /** @returns {Promise<Ended>} Never rejects. */
  async execute() {
    const guest = this.#guest;
    const startMs = guest.cpuMs;
    const usedMs = () => guest.cpuMs - startMs;
    const endWatch = watchGuest({
      guest,
      maxCpuMs: this.#message.limits.cpuMs,
      onCpuExceeded: () => this.#ending.end({ status: 'timeout', limit: 'cpuMs' }),
      onGone: () => this.#ending.end({ status: 'memory', limit: 'heapBytes' }),
    });
    guest.onLoose = (error) => this.#onLoose(error);
    void this.#start();
    const result = await this.#ending.over;
    endWatch();
    this.#timers.stopAll();
    return this.#close(result, usedMs);
  }

  /** @param {import('../../../../wire/messages.ts').SettleMessage} message */
  settle({ call, value, error }) {
    if (this.#ending.isOver || !this.#outlet.close(call)) {
      return;
    }
    const text = value ?? JSON.stringify(error ?? { name: 'Error', message: 'The call failed' });
    this.#guest.enterLoose('settle', call, value !== undefined, text);
  }

  stop() {
    this.#isStopped = true;
    this.#ending.end({ status: 'error', error: { name: 'AbortError', message: 'The run was stopped' } });
  }

  async #start() {
    const { code, limits } = this.#message;
    if (Buffer.byteLength(code) > limits.sourceBytes) {
      this.#ending.exceed('sourceBytes');
      return;
    }
    try {
      await startScript({
        message: this.#message,
        guest: this.#guest,
        reserved: this.#reserved,
        fileName: this.#fileName,
      });
    } catch (error) {
      this.#onStartFailed(error);
    }
  }

  /** @param {unknown} error */
  #onStartFailed(error) {
    if (error instanceof ScriptError) {
      const { name, message, line, column } = error;
      const place = line === undefined || column === undefined ? {} : { line, column };
      this.#ending.end({ status: 'error', error: { name, message, ...place } });
    } else if (error instanceof SpoiltWorldError) {
      // In a session, a script has changed what the prelude stands on: no later run could trust it either.
      this.#isSpoilt = true;
      this.#ending.end({ status: 'error', error: { name: 'Error', message: error.message } });
    } else {
      this.#onLoose(error);
    }
  }

  /** @param {unknown} error That left the world with nobody to catch it, or the end of the world. */
  #onLoose(error) {
    if (this.#guest.isDisposed) {
      // Not asked of the error: a script can make one with any text.
      this.#ending.end({ status: 'memory', limit: 'heapBytes' });
    } else {
      this.#outlet.printLoose(error);
    }
  }

  /**
   * @param {import('./result.js').Result} result
   * @param {() => number} usedMs
   * @returns {Promise<Ended>}
   */
  async #close(result, usedMs) {
    const guest = this.#guest;
    if (isForced(result)) {
      return { result, cpuMs: usedMs(), heapBytes: 0, isIntact: false, isClean: false };
    }
    const isIdle = await guest.idle(REST_MS);
    const isIntact = isIdle && !guest.isDisposed && !this.#isSpoilt;
    const heapBytes = isIdle ? guest.heapBytes() : 0;
    const cpuMs = usedMs();
    let isClean = isIdle;
    if (!isIdle && !guest.isDisposed) {
      guest.dispose();
      isClean = await guest.idle(REST_MS);
    }
    return {
      result,
      cpuMs,
      heapBytes,
      isIntact: isIntact && this.#message.keep,
      isClean,
    };
  }
}
