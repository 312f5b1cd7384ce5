import { bootGuest } from './boot-guest.js';
import { makeArrayBuffer } from './make-array-buffer.js';
import { makeBase64 } from './make-base64.js';
import { makeCalls } from './make-calls.js';
import { makeConsole } from './make-console.js';
import { makeCrypto } from './make-crypto.js';
import { makeDescribeError } from './make-describe-error.js';
import { makeDomException } from './make-dom-exception.js';
import { makeEvents } from './make-events.js';
import { makeInspect } from './make-inspect.js';
import { makeIntrinsics } from './make-intrinsics.js';
import { makeStack } from './make-stack.js';
import { makeStructuredClone } from './make-structured-clone.js';
import { makeText } from './make-text.js';
import { makeTimers } from './make-timers.js';
import { makeToJson } from './make-to-json.js';
import { makeUrlSearchParams } from './make-url-search-params.js';
import { makeUrl } from './make-url.js';

const PARTS = {
  makeArrayBuffer,
  makeBase64,
  makeCalls,
  makeConsole,
  makeCrypto,
  makeDescribeError,
  makeDomException,
  makeEvents,
  makeInspect,
  makeIntrinsics,
  makeStack,
  makeStructuredClone,
  makeText,
  makeTimers,
  makeToJson,
  makeUrl,
  makeUrlSearchParams,
};

/** What file names of scripts start with inside of V8, so that their frames are told from all others. */
export const FILE_MARK = 'smcp-script:';

/**
 * The text that sets up the world of scripts in an isolate.
 *
 * The parts are functions that use nothing from outside of themselves but the globals of the language: their text moves, their surroundings do not.
 */
export function guestSource() {
  const parts = Object.entries(PARTS).map(([name, part]) => `${name}: ${part.toString()}`);
  return `"use strict";(${bootGuest.toString()})({\n${parts.join(',\n')}\n}, ${JSON.stringify(FILE_MARK)});`;
}
