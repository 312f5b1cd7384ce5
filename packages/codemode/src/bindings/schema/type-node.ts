/** A type of TypeScript before it is text. */
export type TypeNode =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'named'; readonly definition: Definition }
  | { readonly kind: 'array'; readonly item: TypeNode }
  | {
      readonly kind: 'tuple';
      readonly items: readonly TypeNode[];
      /** How many must be there. */ readonly required: number;
      readonly rest?: TypeNode | undefined;
    }
  | { readonly kind: 'union'; readonly members: readonly TypeNode[] }
  | { readonly kind: 'intersection'; readonly members: readonly TypeNode[] }
  | {
      readonly kind: 'object';
      readonly members: readonly Member[];
      /** Type of all members that are not named. Absent: there are none. */
      readonly others?: TypeNode | undefined;
    };

export interface Member {
  readonly key: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  /** One line, fit for a comment; empty for none. */
  readonly comment: string;
}

/** A type that has a name, because a schema refers to it. */
export interface Definition {
  readonly name: string;
  body: TypeNode;
  /** Definitions that are part of this type itself, not of something inside an object or list: a circle of such is no type. */
  readonly direct: Set<Definition>;
  /** Whether any schema refers to it. */
  referenced: boolean;
}

export const NEVER: TypeNode = { kind: 'plain', text: 'never' };
export const NULL: TypeNode = { kind: 'plain', text: 'null' };
export const UNKNOWN: TypeNode = { kind: 'plain', text: 'unknown' };
export const ANY: TypeNode = { kind: 'plain', text: 'any' };

export function plain(text: string): TypeNode {
  return { kind: 'plain', text };
}

/** Whether a type admits everything. */
export function isOpen(node: TypeNode): boolean {
  return node === UNKNOWN || node === ANY;
}

/** One of several types. */
export function unionOf(members: readonly TypeNode[]): TypeNode {
  const flat = members.flatMap((member) => (member.kind === 'union' ? member.members : [member]));
  const open = flat.find(isOpen);
  if (open !== undefined) return open;
  const texts = new Set<string>();
  const kept = flat.filter((member) => {
    if (member.kind !== 'plain') return true;
    if (member === NEVER || texts.has(member.text)) return false;
    texts.add(member.text);
    return true;
  });
  const [only = NEVER, ...more] = kept;
  return more.length === 0 ? only : { kind: 'union', members: kept };
}

/** All of several types at once; `open` when that says nothing. */
export function intersectionOf(members: readonly TypeNode[], open: TypeNode): TypeNode {
  if (members.includes(NEVER)) return NEVER;
  const kept = members
    .flatMap((member) => (member.kind === 'intersection' ? member.members : [member]))
    .filter((member) => !isOpen(member));
  const [only = open, ...more] = kept;
  return more.length === 0 ? only : { kind: 'intersection', members: kept };
}

const SHORT_UNION = 8;

/** Whether a definition is so short that it is told in place of its name. */
export function isShort(node: TypeNode): boolean {
  if (node.kind === 'array') return node.item.kind === 'plain';
  if (node.kind !== 'union') return node.kind === 'plain';
  return node.members.length <= SHORT_UNION && node.members.every((member) => member.kind === 'plain');
}
