import { child, entriesOf, itemsOf, type ConfigNode } from '../../config/config-node.ts';
import type { Pairs } from './draft.ts';

/** The text of a value: strings as they are, numbers and booleans written out as clients do; undefined for anything else. */
export function textOf(node: ConfigNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

/** The value of a string, and of nothing else. */
export function stringAt(node: ConfigNode | undefined, key: string): string | undefined {
  const value = child(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

export function isTrue(node: ConfigNode | undefined, key: string): boolean {
  const value = child(node, key);
  return value?.kind === 'scalar' && value.value === true;
}

export function isFalse(node: ConfigNode | undefined, key: string): boolean {
  const value = child(node, key);
  return value?.kind === 'scalar' && value.value === false;
}

/** A number above zero. */
export function numberAt(node: ConfigNode | undefined, key: string): number | undefined {
  const value = child(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'number' && value.value > 0
    ? value.value
    : undefined;
}

/** The strings of a list; undefined when there is no list. */
export function stringsAt(node: ConfigNode | undefined, key: string): readonly string[] | undefined {
  const value = child(node, key);
  return value?.kind === 'list' ? value.items.flatMap((item) => textOf(item) ?? []) : undefined;
}

/** Every item as a text; undefined when one is none. An absent list is empty. */
export function ifTexts(node: ConfigNode | undefined): readonly string[] | undefined {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'list') return undefined;
  const texts = itemsOf(node).flatMap((item) => textOf(item) ?? []);
  return texts.length === node.items.length ? texts : undefined;
}

/** Every member as a text, without those that are null; undefined when one is no text. An absent map is empty. */
export function ifPairs(node: ConfigNode | undefined): Pairs | undefined {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'map') return undefined;
  const given = entriesOf(node).filter(([, value]) => !(value.kind === 'scalar' && value.value === null));
  const pairs = given.flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return pairs.length === given.length ? pairs : undefined;
}
