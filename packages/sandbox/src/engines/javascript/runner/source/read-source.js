import { parseScript } from './parse-script.js';
import { refuseModules } from './refuse-modules.js';
import { stripTypes } from './strip-types.js';

/**
 * A script as JavaScript with its statements.
 *
 * @param {string} source
 * @param {'typescript' | 'javascript'} language
 * @throws {import('./script-error.js').ScriptError} When it cannot be parsed, or has parts that only modules have.
 */
export function readSource(source, language) {
  const text = withoutFirstLineMark(source);
  const code = language === 'typescript' ? asJavaScript(text) : text;
  const statements = parseScript(code);
  refuseModules(statements, code);
  return { code, statements };
}

/**
 * What is plain JavaScript already runs as it is, also where the parser that takes types out stumbles.
 *
 * @param {string} text
 */
function asJavaScript(text) {
  try {
    return stripTypes(text);
  } catch (error) {
    try {
      parseScript(text);
      return text;
    } catch {
      throw error;
    }
  }
}

/**
 * A byte order mark and a line for the shell are no part of the code; they leave as many spaces.
 *
 * @param {string} source
 */
function withoutFirstLineMark(source) {
  return source.replace(/^\uFEFF?(?:#![^\n\r\u2028\u2029]*)?/, (mark) => ' '.repeat(mark.length));
}
