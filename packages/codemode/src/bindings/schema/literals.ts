import type { JsonValue } from '@smcp/protocol';
import { quote } from '../text/literal.ts';
import { BOUNDS } from './bounds.ts';
import type { ReadonlyJsonArray } from './keywords.ts';
import { plain, type TypeNode, unionOf } from './type-node.ts';

/** The values of an `enum`; of too many, only what sorts of values they are. */
export function enumeration(values: ReadonlyJsonArray, open: TypeNode): TypeNode {
  if (values.length <= BOUNDS.values) return unionOf(values.map((value) => literal(value, open)));
  const kinds = new Set(values.map(kindOf));
  return unionOf([...kinds].map((kind) => widened(kind, open)));
}

/** The one value of a `const`. Objects and arrays are told only to be such. */
export function literal(value: JsonValue | undefined, open: TypeNode): TypeNode {
  if (typeof value === 'string' && value.length <= BOUNDS.literalChars) return plain(quote(value));
  if (typeof value === 'number' && Number.isFinite(value)) return plain(String(value));
  if (typeof value === 'boolean') return plain(String(value));
  return widened(kindOf(value), open);
}

function widened(kind: string, open: TypeNode): TypeNode {
  if (kind === 'array') return { kind: 'array', item: open };
  return kind === 'object' ? { kind: 'object', members: [], others: open } : plain(kind);
}

function kindOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
