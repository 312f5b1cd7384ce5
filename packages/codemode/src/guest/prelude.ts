import { UNSAFE_MEMBERS } from '../bindings/reserved-names.ts';
import { createPlaceholders } from '../preview/guest-placeholder.ts';
import { createHelpers } from './helpers.ts';
import { createNamespaces } from './namespaces.ts';
import { capturePrimordials } from './primordials.ts';
import { startGuest } from './start-guest.ts';
import { createToolError } from './tool-error.ts';
import { createResultReader } from './unwrap-result.ts';

const PARTS = {
  capturePrimordials,
  createToolError,
  createResultReader,
  createPlaceholders,
  createNamespaces,
  createHelpers,
};

/**
 * The prelude of scripts in TypeScript and JavaScript: an expression that gives `(call, data) => void`.
 *
 * It is put together from the text of functions, so none of them may refer to anything outside of itself; a test runs it in an empty realm.
 */
export const GUEST_PRELUDE: string = `((parts) => (call, data) => (${startGuest.toString()})(parts, call, data))({
${Object.entries(PARTS)
  .map(([name, part]) => `${name}: ${part.toString()}`)
  .join(',\n')},
unsafeMembers: ${JSON.stringify([...UNSAFE_MEMBERS])}
})`;
