/**
 * Visits a syntax tree, parents first, without recursion.
 *
 * @param {readonly import('acorn').AnyNode[]} roots
 * @param {(node: import('acorn').AnyNode) => void} visit
 */
export function walk(roots, visit) {
  const open = [...roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    visit(node);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) {
          open.push(child);
        }
      }
    }
  }
}

/**
 * @param {unknown} value
 * @returns {value is import('acorn').AnyNode}
 */
function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
