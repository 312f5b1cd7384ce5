import { Guest } from './isolate/guest.js';
import { Run } from './run/run.js';

const MIB = 1024 * 1024;
/** What most scripts are given; see `DEFAULT_LIMITS`. */
const USUAL_HEAP_BYTES = 64 * MIB;

/**
 * Serves one host: runs the scripts that it sends, one at a time. A fresh world is made ready while nothing runs, for the next script to find.
 *
 * @typedef {object} Surroundings
 * @property {(message: object) => boolean} send False when the message was too long and was not sent.
 * @property {() => void} retire Called when this process must not run anything further; what was sent is on its way.
 * @property {import('./isolate/startup.js').Startup} startup What all worlds start from.
 */
export class Runner {
  #surroundings;
  /** @type {Run | undefined} */
  #run;
  /** @type {number | undefined} */
  #number;
  /** @type {Guest | undefined} */
  #kept;
  /** @type {{ readonly guest: Guest, readonly heapBytes: number } | undefined} */
  #spare;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.#surroundings = surroundings;
    this.#makeSpare(USUAL_HEAP_BYTES);
  }

  /** @param {import('../../../wire/messages.ts').ToRunner} message The host's; it is trusted. */
  handle(message) {
    switch (message.type) {
      case 'run':
        if (this.#run === undefined) {
          void this.#execute(message);
        } else {
          // Two at a time is no mistake that a run could be told of.
          this.#surroundings.retire();
        }
        break;
      case 'settle':
        if (message.run === this.#number) {
          this.#run?.settle(message);
        }
        break;
      case 'stop':
        if (message.run === this.#number) {
          this.#run?.stop();
        }
        break;
      default:
    }
  }

  /** @param {import('../../../wire/messages.ts').RunMessage} message */
  async #execute(message) {
    const { send, retire, startup } = this.#surroundings;
    const guest = (message.keep ? this.#kept : undefined) ?? this.#takeGuest(message.limits);
    const run = new Run({ message, guest, send, reserved: startup.reserved });
    this.#run = run;
    this.#number = message.run;
    const ended = await run.execute();
    this.#run = undefined;
    this.#number = undefined;
    if (message.keep) {
      this.#kept = ended.isIntact ? guest : undefined;
    }
    this.#report(message, ended);
    if (!ended.isIntact) {
      guest.dispose();
    }
    if (!ended.isClean) {
      retire();
    } else if (!message.keep) {
      setImmediate(() => this.#makeSpare(message.limits.heapBytes));
    }
  }

  /** @param {import('../../../limits.ts').ScriptLimits} limits */
  #takeGuest({ heapBytes }) {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare?.heapBytes === heapBytes) {
      return spare.guest;
    }
    spare?.guest.dispose();
    return this.#createGuest(heapBytes);
  }

  /** @param {number} heapBytes */
  #makeSpare(heapBytes) {
    if (this.#run === undefined && this.#spare === undefined) {
      this.#spare = { guest: this.#createGuest(heapBytes), heapBytes };
    }
  }

  /** @param {number} heapBytes */
  #createGuest(heapBytes) {
    const { send, retire, startup } = this.#surroundings;
    return new Guest({
      startup,
      heapBytes,
      onPost: (kind, ...values) => this.#run?.answer(kind, ...values),
      onCatastrophe: (reason) => {
        if (reason.includes('memory') && this.#number !== undefined) {
          const done = { type: 'done', run: this.#number, status: 'memory', limit: 'heapBytes' };
          send({ ...done, cpuMs: 0, heapBytes, kept: false });
        }
        retire();
      },
    });
  }

  /**
   * @param {import('../../../wire/messages.ts').RunMessage} message
   * @param {import('./run/run.js').Ended} ended
   */
  #report({ run, keep }, { result, cpuMs, heapBytes, isIntact }) {
    const about = { cpuMs, heapBytes, kept: keep && isIntact };
    if (!this.#surroundings.send({ type: 'done', run, ...result, ...about })) {
      this.#surroundings.send({ type: 'done', run, status: 'limit', limit: 'resultBytes', ...about });
    }
  }
}
