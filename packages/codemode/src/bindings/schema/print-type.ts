import { propertyName } from '../text/literal.ts';
import { tellable } from './alternatives.ts';
import { isShort, type Member, type TypeNode } from './type-node.ts';

/** Longest object on one line. */
const LINE_CHARS = 80;

export interface PrintOptions {
  /** Blanks before the lines after the first. */
  readonly indent: string;
  readonly comments: boolean;
}

/** A type as text: an object on one line when it is short, else with one line for each member. */
export function printType(node: TypeNode, options: PrintOptions): string {
  switch (node.kind) {
    case 'plain':
      return node.text;
    case 'named':
      return isShort(node.definition.body) ? printType(node.definition.body, options) : node.definition.name;
    case 'array':
      return `${grouped(node.item, options)}[]`;
    case 'tuple':
      return printTuple(node, options);
    case 'union':
      return node.members.map((member) => printType(member, options)).join(' | ');
    case 'intersection':
      return tellable(node.members)
        .map((member) => grouped(member, options))
        .join(' & ');
    case 'object':
      return printObject(node, options);
    default:
      return node satisfies never;
  }
}

function printTuple(node: TypeNode & { readonly kind: 'tuple' }, options: PrintOptions): string {
  const items = node.items.map((item, index) =>
    index < node.required ? printType(item, options) : `${grouped(item, options)}?`,
  );
  if (node.rest !== undefined) items.push(`...${grouped(node.rest, options)}[]`);
  return `[${items.join(', ')}]`;
}

function printObject(node: TypeNode & { readonly kind: 'object' }, options: PrintOptions): string {
  const { members, others } = node;
  if (members.length === 0 && (others === undefined || others.kind === 'plain')) {
    return `Record<string, ${others?.kind === 'plain' ? others.text : 'never'}>`;
  }
  const inner = { ...options, indent: `${options.indent}  ` };
  const lines = members.map((member) => printMember(member, inner));
  if (others !== undefined) lines.push(`[key: string]: ${printType(others, inner)}`);
  const line = `{ ${lines.join('; ')} }`;
  if (line.length <= LINE_CHARS && !line.includes('\n')) return line;
  return `{\n${lines.map((each) => `${inner.indent}${each};\n`).join('')}${options.indent}}`;
}

function printMember(member: Member, options: PrintOptions): string {
  const comment = options.comments && member.comment !== '' ? `/** ${member.comment} */ ` : '';
  return `${comment}${propertyName(member.key)}${member.optional ? '?' : ''}: ${printType(member.type, options)}`;
}

/** In parentheses when an operator behind it would bind more tightly. */
function grouped(node: TypeNode, options: PrintOptions): string {
  const inPlace = node.kind === 'named' && isShort(node.definition.body) ? node.definition.body : node;
  const text = printType(inPlace, options);
  return inPlace.kind === 'union' || inPlace.kind === 'intersection' ? `(${text})` : text;
}
