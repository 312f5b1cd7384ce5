import { Edits } from './edits.js';
import { findCompletion } from './completion.js';
import { readSource } from './read-source.js';
import { toSessionScope } from './session-scope.js';

const MAIN = '(async () => {"use strict";';
const FUNCTIONS = '(() => {"use strict";';
const END = '\n})';

/**
 * Text that V8 evaluates to a function without running any of the script. Given to V8 with a first column of `-prefixLength`, its places are those of the
 * source.
 *
 * @typedef {{ readonly text: string, readonly prefixLength: number }} CompiledText
 *
 * @typedef {object} CompiledScript
 * @property {CompiledText} main Gives an async function that runs the script and returns its value.
 * @property {CompiledText | undefined} functions Gives a function that assigns the functions of a session's script; to be called before `main`.
 * @property {readonly string[]} names Globals that must exist before either is called.
 * @property {readonly string[]} resets Globals that are to be undefined when `main` is called.
 * @property {boolean} implicit Whether the value may be that of a last expression, which the author may not have meant as a result.
 */

/**
 * Makes a script ready to run.
 *
 * @param {string} source
 * @param {object} options
 * @param {'typescript' | 'javascript'} options.language
 * @param {ReadonlySet<string> | undefined} options.sessionReserved For a script of a session: the names that it cannot have as globals. Undefined for
 *   a script that stands alone.
 * @returns {CompiledScript}
 * @throws {import('./script-error.js').ScriptError} When it cannot be parsed, is nested too deep, or has parts that only modules have.
 */
export function compileScript(source, { language, sessionReserved }) {
  const { code, statements } = readSource(source, language);
  const edits = new Edits();
  const session =
    sessionReserved === undefined ? undefined : toSessionScope(statements, code, edits, sessionReserved);
  const completion = findCompletion(statements, code);
  let opening = '';
  if (completion.kind !== 'none') {
    const { kind, statement, start, end } = completion;
    const [before, after] = kind === 'call' ? ['return await(', ')()'] : [';return(', '\n)'];
    const previous = statements[statements.indexOf(statement) - 1];
    if (previous === undefined) {
      opening = before;
    } else {
      edits.insert(previous.end, before);
    }
    edits.replace(statement.start, start, ' '.repeat(start - statement.start));
    edits.insert(end, kind === 'call' ? `\n${after}` : after);
  }
  return {
    main: wrap(MAIN + opening, edits.apply(code)),
    functions: session?.functions === undefined ? undefined : wrap(FUNCTIONS, session.functions),
    names: session?.names ?? [],
    resets: session?.resets ?? [],
    implicit: completion.kind === 'value',
  };
}

/**
 * @param {string} prefix
 * @param {string} body
 * @returns {CompiledText}
 */
function wrap(prefix, body) {
  return { text: prefix + body + END, prefixLength: prefix.length };
}
