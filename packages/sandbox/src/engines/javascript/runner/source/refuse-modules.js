import { placeOf } from './place.js';
import { ScriptError } from './script-error.js';
import { walk } from './walk.js';

const IMPORT = 'import is not available in scripts: servers and helpers are globals';
const EXPORT = 'export is not available in scripts: return the value instead';

const REFUSED = new Map([
  ['ImportDeclaration', IMPORT],
  ['ImportExpression', IMPORT],
  ['MetaProperty', 'import.meta is not available in scripts'],
  ['ExportNamedDeclaration', EXPORT],
  ['ExportAllDeclaration', EXPORT],
  ['ExportDefaultDeclaration', EXPORT],
]);

/**
 * @param {import('acorn').Program['body']} statements
 * @param {string} code
 * @throws {ScriptError} At the first thing that only modules have. One `export default` that is the whole script is no such thing.
 */
export function refuseModules(statements, code) {
  if (!/\b(?:import|export)\b/.test(code)) {
    return;
  }
  /** @type {import('acorn').AnyNode | undefined} */
  let first;
  const [only] = statements;
  const isWhole = statements.length === 1 && only?.type === 'ExportDefaultDeclaration';
  walk(isWhole ? [only.declaration] : statements, (node) => {
    if (REFUSED.has(node.type) && !isNewTarget(node) && node.start < (first?.start ?? Infinity)) {
      first = node;
    }
  });
  if (first !== undefined) {
    throw new ScriptError(REFUSED.get(first.type) ?? IMPORT, placeOf(code, first.start));
  }
}

/** @param {import('acorn').AnyNode} node */
function isNewTarget(node) {
  return node.type === 'MetaProperty' && node.meta.name === 'new';
}
