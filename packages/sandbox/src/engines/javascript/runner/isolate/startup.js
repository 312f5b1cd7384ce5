import { guestSource } from '../guest/guest-source.js';
import { ivm } from './ivm.js';

const TRIAL_MIB = 32;

/**
 * What all isolates start from.
 *
 * @typedef {object} Startup
 * @property {import('isolated-vm').ExternalCopy<ArrayBuffer>} snapshot The world of a script as it is once set up.
 * @property {string} added What V8 adds to that in each context, for the world to find it again; JSON text.
 * @property {ReadonlySet<string>} reserved Names of globals that the world has of its own.
 *
 * @returns {Startup}
 */
export function prepareStartup() {
  const snapshot = ivm.Isolate.createSnapshot([{ code: guestSource(), filename: 'runtime' }]);
  const isolate = new ivm.Isolate({ memoryLimit: TRIAL_MIB, snapshot });
  try {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- our own code gives a text
    /** @type {string} */ const text = isolate
      .createContextSync()
      .evalClosureSync('return globalThis["smcp:survey"]()');
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- and this in it
    /** @type {{ added: unknown, names: string[] }} */ const survey = JSON.parse(text);
    return { snapshot, added: JSON.stringify(survey.added), reserved: new Set(survey.names) };
  } finally {
    isolate.dispose();
  }
}
