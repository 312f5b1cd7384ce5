import { randomBytes } from 'node:crypto';
import { toFailure } from '../errors/failure.js';
import { answerUrl } from './url-service.js';

const MAX_RANDOM_BYTES = 65_536;

/**
 * Makes the function that answers what the world of a script asks of the runner, while the script stands still. It never throws.
 *
 * Only the world's own code can ask, never a script; still, whatever it hands over is plain text and numbers, and bounded here again.
 *
 * @param {object} parts
 * @param {import('./outlet.js').Outlet} parts.outlet
 * @param {import('./timers.js').Timers} parts.timers
 * @param {import('./result.js').Ending} parts.ending
 * @param {number} parts.resultBytes
 * @param {string} parts.fileName Of the script.
 * @returns {(kind: string, ...values: any[]) => unknown}
 */
export function createAnswers({ outlet, timers, ending, resultBytes, fileName }) {
  /** @type {Record<string, (...values: any[]) => unknown>} */
  const answers = {
    call: (call, name, input) => outlet.call(call, name, input),
    output: (stream, text) => outlet.print(stream, text),
    timer: (id, delayMs) => timers.start(id, delayMs),
    untimer: (id) => timers.stop(id),
    url: answerUrl,
    random: (size) => randomBytes(Math.min(Number(size), MAX_RANDOM_BYTES)).toString('latin1'),
    now: () => performance.now(),
    limit: (name) => ending.exceed(name),
    done: (/** @type {string | undefined} */ value) => {
      if (value === undefined) {
        ending.end({ status: 'ok' });
      } else if (Buffer.byteLength(value) > resultBytes) {
        ending.exceed('resultBytes');
      } else {
        ending.end({ status: 'ok', value });
      }
    },
    fail: (
      /** @type {string} */ name,
      /** @type {string} */ message,
      /** @type {string} */ stack,
      /** @type {string | undefined} */ details,
    ) => {
      ending.end({ status: 'error', error: toFailure({ name, message, stack, details }, fileName) });
    },
  };
  return (kind, ...values) => (ending.isOver ? undefined : answers[kind]?.(...values));
}
