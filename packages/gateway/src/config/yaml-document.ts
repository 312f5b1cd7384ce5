import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type ErrorCode,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { quote, type ConfigNode, type ConfigPath, type Position } from './config-node.ts';
import type { ProblemList } from './problems.ts';

const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
const MAX_ALIASED_NODES = 10_000;

/**
 * Reads one YAML 1.2 document (core schema) into located nodes.
 *
 * Refused beyond plain syntax errors: a second document, custom tags, keys that are not strings, duplicate keys, more than 64 levels, more than 100
 * aliases or 10,000 values made by them. The parser's own messages quote the file, which may hold secrets, so none of them is passed on.
 *
 * @returns The top of the document; undefined for an empty one and after a problem of the code `syntax`. Keys with another problem are left out.
 */
export function readYaml(text: string, problems: ProblemList): ConfigNode | undefined {
  const lines = new LineCounter();
  // NOTE: uniqueKeys is off because that check takes quadratic time; NodeReader makes its own.
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  if (!Array.isArray(documents)) return undefined;
  const [first, second] = documents;
  if (first === undefined) return undefined;
  const position = (offset: number): Position => toPosition(lines, offset);
  const told = new Set<string>();
  for (const problem of [...first.errors, ...first.warnings]) {
    const id = `${problem.code} ${problem.pos[0]}`;
    if (told.has(id)) continue;
    told.add(id);
    const at = position(problem.pos[0]);
    const openedAt = problem.code === 'MISSING_CHAR' ? ifOpenSince(first, problem.pos[0]) : undefined;
    const line = openedAt === undefined ? at.line : position(openedAt).line;
    const hint = line === at.line ? undefined : `what begins in line ${line} has no end`;
    problems.errorAt(at, [], 'syntax', SYNTAX_MESSAGES[problem.code], hint);
  }
  if (second !== undefined) {
    problems.errorAt(
      position(second.range[0]),
      [],
      'syntax',
      'Expected one YAML document, found a second one',
    );
  }
  if (first.directives.yaml.explicit && first.directives.yaml.version !== '1.2') {
    problems.errorAt({ line: 1, column: 1 }, [], 'syntax', 'Only YAML 1.2 is supported');
  }
  if (problems.errors.length > 0) return undefined;
  return new NodeReader(position, problems).read(first);
}

/** Offset of the innermost text in quotes or brackets that still runs on at `offset`. */
function ifOpenSince(document: Document.Parsed, offset: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Node: (_key, node) => {
      const [from, to] = node.range ?? [];
      const isOpen = isCollection(node)
        ? node.flow === true
        : isScalar(node) && node.type?.startsWith('QUOTE') === true;
      if (isOpen && from !== undefined && to !== undefined && from < offset && offset <= to) start = from;
    },
  });
  return start;
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Turns the parser's tree into ours, with aliases expanded within bounds. */
class NodeReader {
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

const SYNTAX_MESSAGES: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'Malformed alias',
  BAD_ALIAS: 'Malformed alias',
  MULTIPLE_ANCHORS: 'Malformed anchor or tag',
  MULTIPLE_TAGS: 'Malformed anchor or tag',
  BAD_PROP_ORDER: 'Malformed anchor or tag',
  TAG_RESOLVE_FAILED: 'Tags such as "!name" are not allowed',
  BAD_COLLECTION_TYPE: 'Tags such as "!name" are not allowed',
  BAD_DIRECTIVE: 'Malformed directive',
  BAD_DQ_ESCAPE: 'Unknown escape in a double-quoted string; write "\\\\" for a backslash',
  TAB_AS_INDENT: 'Tabs cannot indent; use spaces',
  BAD_INDENT: 'Wrong indentation',
  BLOCK_AS_IMPLICIT_KEY: 'Unexpected ":" or line break; put texts that contain ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'Unexpected ":" or line break; put texts that contain ": " in quotes',
  BLOCK_IN_FLOW: 'Indented blocks cannot stand inside brackets',
  BAD_SCALAR_START: 'A text cannot start with this character; put it in quotes',
  KEY_OVER_1024_CHARS: 'Key longer than 1024 characters',
  MISSING_CHAR: 'Missing closing quote, bracket, comma or colon',
  MULTIPLE_DOCS: 'Expected one YAML document, found a second one',
  RESOURCE_EXHAUSTION: 'Nested too deep',
  DUPLICATE_KEY: 'Malformed key',
  NON_STRING_KEY: 'Malformed key',
  UNEXPECTED_TOKEN: 'Unexpected text',
  IMPOSSIBLE: 'Unexpected text',
};
