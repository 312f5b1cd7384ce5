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
    const text = isolate.createContextSync().evalClosureSync('return globalThis["smcp:survey"]()');
    /** @type {{ added: unknown, names: string[] }} */
    const { added, names } = JSON.parse(String(text));
    return { snapshot, added: JSON.stringify(added), reserved: new Set(names) };
  } finally {
    isolate.dispose();
  }
}
