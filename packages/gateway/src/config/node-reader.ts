import { isAlias, isMap, isScalar, isSeq, type Document, type ParsedNode, type YAMLMap } from 'yaml';
import { quote, type ConfigNode, type ConfigPath, type Position } from './config-node.ts';
import type { ProblemList } from './problems.ts';

const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
const MAX_ALIASED_NODES = 10_000;

/** Turns the parser's tree into ours, with aliases expanded within bounds. */
export class NodeReader {
  readonly #position: (offset: number) => Position;
  readonly #problems: ProblemList;
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #expanding = new Set<ParsedNode>();
  #aliases = 0;
  #aliasedNodes = 0;
  #aliasBoundReported = false;

  constructor(position: (offset: number) => Position, problems: ProblemList) {
    this.#position = position;
    this.#problems = problems;
  }

  read(document: Document.Parsed): ConfigNode | undefined {
    const top: ParsedNode | null = document.contents;
    return top === null ? undefined : this.#node(top, [], undefined, undefined);
  }

  #node(
    node: ParsedNode,
    path: ConfigPath,
    keyAt: Position | undefined,
    alias: Position | undefined,
  ): ConfigNode {
    const at = alias ?? this.#position(node.range?.[0] ?? 0);
    const located = keyAt === undefined ? { path, at } : { path, at, keyAt };
    const nothing = { ...located, kind: 'scalar', value: null, origin: 'literal' } as const;
    if (path.length > MAX_DEPTH) {
      this.#problems.errorAt(at, [], 'syntax', `Nested more than ${MAX_DEPTH} levels deep`);
      return nothing;
    }
    if (isAlias(node)) return this.#alias(node.source, path, keyAt, at) ?? nothing;
    if (alias !== undefined && !this.#spend(at)) return nothing;
    if (node.anchor !== undefined && alias === undefined) this.#anchors.set(node.anchor, node);
    this.#expanding.add(node);
    try {
      if (isMap<ParsedNode, ParsedNode | null>(node))
        return { ...located, kind: 'map', entries: this.#entries(node.items, path, alias) };
      if (isSeq<ParsedNode>(node)) {
        return {
          ...located,
          kind: 'list',
          items: node.items.map((item, index) => this.#value(item, [...path, index], undefined, alias, at)),
        };
      }
      return { ...nothing, value: isScalar(node) ? this.#scalar(node.value, at, path) : null };
    } finally {
      this.#expanding.delete(node);
    }
  }

  #value(
    node: ParsedNode | null,
    path: ConfigPath,
    keyAt: Position | undefined,
    alias: Position | undefined,
    parentAt: Position,
  ): ConfigNode {
    if (node !== null) return this.#node(node, path, keyAt, alias);
    const located = { path, at: keyAt ?? parentAt, ...(keyAt === undefined ? {} : { keyAt }) };
    return { ...located, kind: 'scalar', value: null, origin: 'literal' };
  }

  #entries(
    pairs: YAMLMap.Parsed['items'],
    path: ConfigPath,
    alias: Position | undefined,
  ): ReadonlyMap<string, ConfigNode> {
    const entries = new Map<string, ConfigNode>();
    const firstLines = new Map<string, number>();
    for (const pair of pairs) {
      const keyNode = pair.key;
      const keyAt = alias ?? this.#position(keyNode?.range?.[0] ?? 0);
      const key = isScalar(keyNode) ? keyNode.value : undefined;
      if (typeof key !== 'string') {
        const hint = isScalar(keyNode) ? 'put it in quotes' : undefined;
        this.#problems.errorAt(keyAt, path, 'wrong-type', 'Expected a string as key', hint);
        continue;
      }
      if (key === '__proto__') {
        this.#problems.errorAt(keyAt, path, 'forbidden', 'The key "__proto__" is not allowed');
        continue;
      }
      const below = [...path, key];
      const line = firstLines.get(key);
      if (line !== undefined) {
        this.#problems.errorAt(
          keyAt,
          below,
          'duplicate-key',
          `The key ${quote(key)} was already given in line ${line}`,
        );
        continue;
      }
      firstLines.set(key, keyAt.line);
      entries.set(key, this.#value(pair.value, below, keyAt, alias, keyAt));
    }
    return entries;
  }

  #alias(name: string, path: ConfigPath, keyAt: Position | undefined, at: Position): ConfigNode | undefined {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#problems.errorAt(
        at,
        path,
        'syntax',
        'This alias names nothing above; put texts that start with "*" in quotes',
      );
      return undefined;
    }
    if (this.#expanding.has(target)) {
      this.#problems.errorAt(at, path, 'syntax', 'An alias may not stand inside what it repeats');
      return undefined;
    }
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES) return this.#refuseAliases(at);
    return this.#node(target, path, keyAt, at);
  }

  #spend(at: Position): boolean {
    this.#aliasedNodes += 1;
    if (this.#aliasedNodes <= MAX_ALIASED_NODES) return true;
    this.#refuseAliases(at);
    return false;
  }

  #refuseAliases(at: Position): undefined {
    if (this.#aliasBoundReported) return;
    this.#aliasBoundReported = true;
    this.#problems.errorAt(
      at,
      [],
      'syntax',
      `Too many aliases: at most ${MAX_ALIASES}, and ${MAX_ALIASED_NODES} values made by them`,
    );
  }

  #scalar(value: unknown, at: Position, path: ConfigPath): string | number | boolean | null {
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      return value;
    }
    this.#problems.errorAt(at, path, 'syntax', 'Expected a string, a number, true, false or nothing');
    return null;
  }
}
