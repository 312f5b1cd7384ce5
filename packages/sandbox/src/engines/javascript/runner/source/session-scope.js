import { boundNames } from './bound-names.js';
import { blank } from './place.js';

/**
 * Turns the declarations at the top of a script into assignments to globals, so that the next script of the session has them and may declare them again.
 *
 * Functions are assigned before anything else runs, by a text of their own in which each stands where it was. Declarations inside of blocks, `using`, and
 * names that the sandbox itself has (`URL`, `console`) stay local to the run. A `const` can be assigned to by later runs.
 *
 * @param {readonly import('./completion.js').Statement[]} statements
 * @param {string} code
 * @param {import('./edits.js').Edits} edits Takes the changes of the script.
 * @param {ReadonlySet<string>} reserved Names that stay local.
 * @returns {{ names: string[], resets: string[], functions: string | undefined }} `names` must exist as globals before the run; `resets` are undefined
 *   again at its start; `functions` is the text of the statements that assign functions.
 */
export function toSessionScope(statements, code, edits, reserved) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @type {Set<string>} */
  const resets = new Set();
  const functions = new FunctionTexts(code);
  let before = 0;
  for (const statement of statements) {
    const bound = namesOf(statement);
    if (bound.length > 0 && bound.every((name) => !reserved.has(name))) {
      bound.forEach((name) => names.add(name));
      if (statement.type === 'VariableDeclaration') {
        assignVariables(statement, code, edits, resets);
      } else if (statement.type === 'ClassDeclaration') {
        edits.insert(before, `;${bound[0]}=`);
        edits.insert(statement.end, ';');
      } else if (statement.type === 'FunctionDeclaration') {
        functions.add(statement);
        edits.replace(statement.start, statement.end, blank(code.slice(statement.start, statement.end)));
      }
    }
    before = statement.end;
  }
  return { names: [...names], resets: [...resets], functions: functions.text() };
}

/** @param {import('./completion.js').Statement} statement */
function namesOf(statement) {
  if (statement.type === 'VariableDeclaration') {
    return statement.kind.endsWith('using')
      ? []
      : statement.declarations.flatMap((one) => boundNames(one.id));
  }
  const isNamed = statement.type === 'ClassDeclaration' || statement.type === 'FunctionDeclaration';
  return isNamed && statement.id !== null ? [statement.id.name] : [];
}

/**
 * @param {import('acorn').VariableDeclaration} statement
 * @param {string} code
 * @param {import('./edits.js').Edits} edits
 * @param {Set<string>} resets
 */
function assignVariables(statement, code, edits, resets) {
  const { kind, declarations, start, end } = statement;
  const opensWithPattern = declarations[0]?.id.type === 'ObjectPattern';
  edits.replace(start, start + kind.length, (opensWithPattern ? ';(' : ';').padEnd(kind.length));
  for (const [index, { id, init, end: declaratorEnd }] of declarations.entries()) {
    if (id.type === 'ObjectPattern') {
      if (index > 0) {
        edits.insert(id.start, '(');
      }
      edits.insert(declaratorEnd, ')');
    } else if (init === null || init === undefined) {
      if (kind === 'var') {
        boundNames(id).forEach((name) => resets.add(name));
      } else {
        edits.insert(declaratorEnd, '=undefined');
      }
    }
  }
  if (code[end - 1] !== ';') {
    edits.insert(end, ';');
  }
}

/** Statements that assign functions, each in the line and column in which the function was declared. */
class FunctionTexts {
  #code;
  /** @type {string[]} */
  #pieces = [];
  #at = 0;

  /** @param {string} code */
  constructor(code) {
    this.#code = code;
  }

  /** @param {import('acorn').FunctionDeclaration | import('acorn').AnonymousFunctionDeclaration} statement */
  add({ id, start, end }) {
    if (id === null) {
      return;
    }
    // The name goes: inside of a function expression it would be a constant of that function, and not the global.
    const head = this.#code.slice(start, id.start) + ' '.repeat(id.end - id.start);
    const gap = blank(this.#code.slice(this.#at, start));
    this.#pieces.push(`;${id.name}=`, gap, head, this.#code.slice(id.end, end));
    this.#at = end;
  }

  text() {
    return this.#pieces.length === 0 ? undefined : this.#pieces.join('');
  }
}
