import { BOUNDS } from './bounds.ts';
import type { Definition, TypeNode } from './type-node.ts';

/** The members of an intersection as long as few enough alternatives come of them; what is left out admits more. */
export function tellable(members: readonly TypeNode[]): readonly TypeNode[] {
  const counted = new Map<Definition, number>();
  let product = 1;
  return members.filter((member, index) => {
    const count = alternatives(member, counted);
    if (index > 0 && product * count > BOUNDS.alternatives) return false;
    product *= count;
    return true;
  });
}

/** Of how many types a compiler makes a union when it multiplies a type out. Ends, for no definition is directly part of itself. */
function alternatives(node: TypeNode, counted: Map<Definition, number>): number {
  switch (node.kind) {
    case 'named': {
      const known = counted.get(node.definition);
      if (known !== undefined) return known;
      const count = alternatives(node.definition.body, counted);
      counted.set(node.definition, count);
      return count;
    }
    case 'union':
      return node.members.reduce((sum, member) => sum + alternatives(member, counted), 0);
    case 'intersection':
      return node.members.reduce((product, member) => product * alternatives(member, counted), 1);
    case 'plain':
      return node.text === 'boolean' ? 2 : 1;
    case 'array':
    case 'tuple':
    case 'object':
      return 1;
    default:
      return node satisfies never;
  }
}
