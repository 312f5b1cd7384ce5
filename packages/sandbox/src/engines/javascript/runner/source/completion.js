/**
 * How a script comes to its value, besides `return`.
 *
 * - `call` the whole script is one function: the value of calling it
 * - `value` its last statement is an expression (or one `export default` is all of it): the value of that
 * - `none` it has none
 *
 * `start` and `end` enclose the expression; what is before `start` in the statement is to be taken out.
 *
 * @typedef {{ readonly kind: 'call' | 'value', readonly statement: Statement, readonly start: number, readonly end: number } | { readonly kind: 'none' }} Completion
 * @typedef {import('acorn').Statement | import('acorn').ModuleDeclaration} Statement
 *
 * @param {readonly Statement[]} statements
 * @param {string} code
 * @returns {Completion}
 */
export function findCompletion(statements, code) {
  const last = statements.findLast((statement) => statement.type !== 'EmptyStatement');
  if (last === undefined) {
    return { kind: 'none' };
  }
  const isWhole = statements.every((statement) => statement === last || statement.type === 'EmptyStatement');
  if (last.type === 'ExpressionStatement') {
    const kind = isWhole && isFunction(last.expression) ? 'call' : 'value';
    return { kind, statement: last, start: last.start, end: withoutSemicolon(code, last.end) };
  }
  if (isWhole && last.type === 'ExportDefaultDeclaration') {
    const { declaration } = last;
    const kind = isFunction(declaration) ? 'call' : 'value';
    const start = withoutKeywords(code, last.start);
    return { kind, statement: last, start, end: withoutSemicolon(code, last.end) };
  }
  return { kind: 'none' };
}

/** @param {import('acorn').AnyNode} node */
function isFunction(node) {
  return (
    node.type === 'ArrowFunctionExpression' ||
    ((node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration') && !node.generator)
  );
}

/**
 * @param {string} code
 * @param {number} end
 */
function withoutSemicolon(code, end) {
  return code[end - 1] === ';' ? end - 1 : end;
}

/**
 * @param {string} code
 * @param {number} start Of `export default`.
 */
function withoutKeywords(code, start) {
  return code.indexOf('default', start) + 'default'.length;
}
