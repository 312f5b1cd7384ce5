import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { quote, type ConfigNode, type ConfigPath, type Position } from '../../config/config-node.ts';
import { MAX_DEPTH } from './bounds.ts';
import type { DocumentProblem, ParsedDocument } from './parsed-document.ts';

/**
 * Reads JSON with comments and trailing commas, which every client but one or two accepts. Of a key that is given twice the last counts, as it does in
 * the clients, and a warning says so.
 */
export function parseJsonc(text: string): ParsedDocument {
  const unmarked = text.replace(/^\ufeff/, '');
  const lines = new LineIndex(unmarked);
  const tooDeep = ifTooDeep(unmarked);
  if (tooDeep !== undefined)
    return {
      ok: false,
      problem: { ...lines.position(tooDeep), message: `Nested more than ${MAX_DEPTH} levels deep` },
    };
  const errors: ParseError[] = [];
  const tree = parseTree(unmarked, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first !== undefined)
    return { ok: false, problem: { ...lines.position(first.offset), message: 'Not valid JSON' } };
  const reader = new TreeReader(lines);
  const root = tree === undefined ? undefined : reader.read(tree, [], undefined);
  return { ok: true, root, warnings: reader.warnings };
}

/** Offset where the nesting goes over the bound. The parser calls itself for every level, so this must be known before. */
function ifTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (scanner.getTokenLength() === 0 && offset >= text.length) return undefined;
    const first = text[offset];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > MAX_DEPTH) return offset;
  }
}

class TreeReader {
  readonly warnings: DocumentProblem[] = [];
  readonly #lines: LineIndex;

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  read(node: Node, path: ConfigPath, keyAt: Position | undefined): ConfigNode {
    const at = this.#lines.position(node.offset);
    const located = keyAt === undefined ? { path, at } : { path, at, keyAt };
    const children = node.children ?? [];
    if (node.type === 'array')
      return {
        ...located,
        kind: 'list',
        items: children.map((item, index) => this.read(item, [...path, index], undefined)),
      };
    if (node.type === 'object') return { ...located, kind: 'map', entries: this.#entries(children, path) };
    const value: unknown = node.value;
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { ...located, kind: 'scalar', value: isScalar ? value : null, origin: 'literal' };
  }

  #entries(properties: readonly Node[], path: ConfigPath): ReadonlyMap<string, ConfigNode> {
    const entries = new Map<string, ConfigNode>();
    for (const { children = [] } of properties) {
      const [key, value] = children;
      const name: unknown = key?.value;
      if (key === undefined || value === undefined || typeof name !== 'string') continue;
      const keyAt = this.#lines.position(key.offset);
      if (entries.has(name)) {
        this.warnings.push({
          ...keyAt,
          message: `The key ${quote(name)} is given twice; the last one counts`,
        });
        entries.delete(name);
      }
      entries.set(name, this.read(value, [...path, name], keyAt));
    }
    return entries;
  }
}

/** Lines and columns of offsets, without counting from the top each time. */
class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
