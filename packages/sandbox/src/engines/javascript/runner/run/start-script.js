import { compileScript } from '../source/compile-script.js';
import { toScriptError } from '../source/script-error.js';

const MAX_REFUSAL = 1000;

/** The prelude could not be evaluated: the world is not what it should be. */
export class SpoiltWorldError extends Error {
  /** @param {unknown} reason */
  constructor(reason) {
    const text = reason instanceof Error ? reason.message : String(reason);
    super(`The globals of the script could not be set up: ${text.slice(0, MAX_REFUSAL)}`);
    this.name = 'SpoiltWorldError';
  }
}

/**
 * Compiles a script and starts it. Resolves when the first turn of it is over; how it ended is told otherwise.
 *
 * @param {object} parts
 * @param {import('../../../../wire/messages.ts').RunMessage} parts.message
 * @param {import('../isolate/guest.js').Guest} parts.guest Idle.
 * @param {ReadonlySet<string>} parts.reserved Names that no session can have as globals.
 * @param {string} parts.fileName
 * @throws {import('../source/script-error.js').ScriptError} When it cannot be run as it is written.
 * @throws {SpoiltWorldError} When the prelude failed.
 * @throws {Error} Any other when the world ended meanwhile, or a rejection was left unhandled in it.
 */
export async function startScript({ message, guest, reserved, fileName }) {
  const { script, main, functions } = await compile(message, guest, reserved, fileName);
  await evaluatePrelude(message, guest);
  const declarations = JSON.stringify({ names: script.names, resets: script.resets });
  await guest.enter('main', main, script.implicit, declarations, functions);
}

/**
 * @param {import('../../../../wire/messages.ts').RunMessage} message
 * @param {import('../isolate/guest.js').Guest} guest
 * @param {ReadonlySet<string>} reserved
 * @param {string} fileName
 */
async function compile({ code, language, keep }, guest, reserved, fileName) {
  try {
    const script = compileScript(code, { language, sessionReserved: keep ? reserved : undefined });
    const main = await guest.evaluate(script.main, fileName);
    const functions = script.functions && (await guest.evaluate(script.functions, fileName));
    return { script, main, functions };
  } catch (error) {
    throw guest.isDisposed ? error : toScriptError(error);
  }
}

/**
 * Evaluates the trusted text that makes the globals of scripts, anew in each run.
 *
 * @param {import('../../../../wire/messages.ts').RunMessage} message
 * @param {import('../isolate/guest.js').Guest} guest
 */
async function evaluatePrelude({ prelude, data, limits }, guest) {
  const { calls, parallelCalls, callInputBytes, resultBytes } = limits;
  const bounds = JSON.stringify({ calls, parallelCalls, callInputBytes, resultBytes });
  let refusal;
  try {
    // Strict: a global that cannot be made must be noticed.
    const text = `"use strict";(${prelude}\n)`;
    const start = await guest.evaluate({ text, prefixLength: 0 }, undefined);
    refusal = await guest.enter('prelude', bounds, start, data);
  } catch (error) {
    throw guest.isDisposed ? error : new SpoiltWorldError(error);
  }
  if (refusal !== undefined) {
    throw new SpoiltWorldError(refusal);
  }
}
