import { alignColumns } from './align.js';
import { findNamespace } from './namespaces.js';
import { placeOf } from './place.js';
import { ScriptError, toScriptError } from './script-error.js';
import { parseTypeScript } from './sucrase.js';

/**
 * JavaScript of a TypeScript source. Nothing is checked but that it can be parsed; enums are turned into code.
 *
 * @param {string} source
 * @returns {string} With all lines, and as far as possible all columns, where they were.
 * @throws {ScriptError} When it cannot be parsed, is nested too deep, or has a namespace with code in it.
 */
export function stripTypes(source) {
  try {
    const parsed = parseTypeScript(source);
    const namespace = findNamespace(source, parsed.tokens);
    if (namespace !== undefined) {
      throw new ScriptError(
        'A namespace cannot be run here: use an object or plain functions instead',
        placeOf(source, namespace),
      );
    }
    const { code, mappings } = parsed.transform();
    return alignColumns(source, parsed.tokens, code, mappings);
  } catch (error) {
    throw toScriptError(error);
  }
}
