/** Where something stands in a file: line and column (UTF-16 units), both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Keys and indexes from the top of the file, such as `['api_keys', 0, 'name']`. */
export type ConfigPath = readonly (string | number)[];

interface Located {
  readonly path: ConfigPath;
  /** Where the value begins. */
  readonly at: Position;
  /** Where its key begins, when it stands in a map. */
  readonly keyAt?: Position;
}

/**
 * A single value. `origin` tells what `${…}` did to it: nothing (`literal`), replaced (`interpolated`), or failed (`unresolved`, a problem was
 * reported and the value means nothing).
 */
export interface ScalarNode extends Located {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly origin: 'literal' | 'interpolated' | 'unresolved';
}

interface MapNode extends Located {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, ConfigNode>;
}

interface ListNode extends Located {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
}

/** A value of the configuration file together with its place. Aliases are expanded, so every node has one path. */
export type ConfigNode = ScalarNode | MapNode | ListNode;

/** The value of `key`, or undefined when `node` is not a map or has no such key. */
export function child(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

/** The entries of a map in the order of the file; none for anything else. */
export function entriesOf(node: ConfigNode | undefined): readonly (readonly [string, ConfigNode])[] {
  return node?.kind === 'map' ? [...node.entries] : [];
}

/** The items of a list; none for anything else. */
export function itemsOf(node: ConfigNode | undefined): readonly ConfigNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a string, or undefined for anything else and for a string with an unresolved `${…}`. */
export function ifText(node: ConfigNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.origin !== 'unresolved'
    ? node.value
    : undefined;
}

/** All single values below `node`, in the order of the file. */
export function scalarsOf(node: ConfigNode): readonly ScalarNode[] {
  if (node.kind === 'scalar') return [node];
  return [...(node.kind === 'map' ? node.entries.values() : node.items)].flatMap(scalarsOf);
}

/** The node at `path`, or undefined. */
export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    node = typeof step === 'string' ? child(node, step) : itemsOf(node)[step];
  }
  return node;
}

/** The same tree with every single value replaced by what `change` makes of it. */
export function mapScalars(node: ConfigNode, change: (scalar: ScalarNode) => ScalarNode): ConfigNode {
  if (node.kind === 'scalar') return change(node);
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => mapScalars(item, change)) };
  const entries = [...node.entries].map(([key, value]) => [key, mapScalars(value, change)] as const);
  return { ...node, entries: new Map(entries) };
}

/** The plain value, as `JSON.parse` would give it. */
export function toValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, toValue(value)]));
}

/** A path as people write it: `servers.slack.url`, `api_keys[0].name`, `servers.x.env["a b"]`. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z0-9_$-]{1,64}$/.test(step)) return `[${quote(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

const MAX_QUOTED_CHARS = 64;

/** A text for a message: quoted, cut to 64 characters, with control and direction-changing characters escaped. */
export function quote(text: string): string {
  const cut = text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS - 1)}…` : text;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
