/* oxlint-disable typescript/consistent-return -- all kinds are there */
/**
 * Names that a declaration binds.
 *
 * @param {import('acorn').Pattern} pattern
 * @returns {string[]}
 */
export function boundNames(pattern) {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((entry) =>
        boundNames(entry.type === 'RestElement' ? entry.argument : entry.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((entry) => (entry === null ? [] : boundNames(entry)));
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'MemberExpression':
      // Not in a declaration.
      return [];
  }
}
