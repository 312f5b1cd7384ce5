import { Parser } from 'acorn';
import { placeOf } from './place.js';
import { ScriptError, toScriptError } from './script-error.js';

/** @type {import('acorn').Options} */
const OPTIONS = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowHashBang: true,
};

/**
 * The statements of a script, as strict code that may wait and return at its top.
 *
 * A script that is one expression and no statement (a function without a name, an object) is taken as that expression.
 *
 * @param {string} code JavaScript.
 * @returns {import('acorn').Program['body']}
 * @throws {ScriptError} When it cannot be parsed.
 */
export function parseScript(code) {
  try {
    return Parser.parse(code, OPTIONS).body;
  } catch (error) {
    const expression = ifExpression(code);
    if (expression === undefined) {
      throw asPlacedError(error, code);
    }
    return [{ type: 'ExpressionStatement', expression, start: expression.start, end: endOfText(code) }];
  }
}

/** @param {string} code */
function ifExpression(code) {
  try {
    const expression = Parser.parseExpressionAt(code, 0, OPTIONS);
    // What stands behind it is parsed as a script of its own: nothing but comments and semicolons is none.
    const rest = Parser.parse(code.slice(expression.end), OPTIONS).body;
    return rest.every((statement) => statement.type === 'EmptyStatement') ? expression : undefined;
  } catch {
    // Only a parser threw; the error of the first attempt is the one to tell.
    return undefined;
  }
}

/** @param {string} code */
function endOfText(code) {
  return code.trimEnd().length;
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function asPlacedError(error, code) {
  const told = toScriptError(error);
  if (error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number') {
    return new ScriptError(told.message, placeOf(code, error.pos));
  }
  return told;
}
