import { parse, TomlError } from 'smol-toml';
import type { ConfigNode, ConfigPath, Position } from '../../config/config-node.ts';
import { MAX_DEPTH } from './bounds.ts';
import type { ParsedDocument } from './parsed-document.ts';

const TOP = { line: 1, column: 1 } as const;

/** Reads TOML 1.0. The parser tells no places of values, so nodes know the line of the table that they stand in, and below the top nothing else. */
export function parseToml(text: string): ParsedDocument {
  const unmarked = text.replace(/^\ufeff/, '');
  let table: unknown;
  try {
    table = parse(unmarked, { maxDepth: MAX_DEPTH });
  } catch (error) {
    // Its message shows the lines around the mistake, which may hold a token.
    const at = error instanceof TomlError ? { line: error.line, column: error.column } : TOP;
    return { ok: false, problem: { ...at, message: 'Not valid TOML' } };
  }
  return { ok: true, root: toNode(table, [], tableLines(unmarked), undefined), warnings: [] };
}

function toNode(
  value: unknown,
  path: ConfigPath,
  lines: ReadonlyMap<string, number>,
  above: Position | undefined,
): ConfigNode {
  const line = lines.get(path.join('\0'));
  const keyAt = line === undefined ? above : { line, column: 1 };
  const located = { path, at: keyAt ?? TOP, ...(keyAt === undefined ? {} : { keyAt }) };
  const nothing = { ...located, kind: 'scalar', value: null, origin: 'literal' } as const;
  // NOTE: dotted keys nest without bound, whatever the parser is told.
  if (path.length > MAX_DEPTH) return nothing;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { ...nothing, value };
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return {
      ...located,
      kind: 'list',
      items: items.map((item, index) => toNode(item, [...path, index], lines, keyAt)),
    };
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return nothing;
  const entries = Object.entries(value).map(([key, below]): [string, ConfigNode] => [
    key,
    toNode(below, [...path, key], lines, keyAt),
  ]);
  return { ...located, kind: 'map', entries: new Map(entries) };
}

const HEADER = /^[ \t]*\[((?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w.\- \t])+)\]/gm;
const KEY = /"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([\w-]+)/g;

/** Lines of table headers by path, and of the first header below each path. */
function tableLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(HEADER)) {
    for (
      let at = text.indexOf('\n', counted);
      at !== -1 && at < match.index;
      at = text.indexOf('\n', at + 1)
    ) {
      line += 1;
      counted = at + 1;
    }
    const keys = [...(match[1] ?? '').matchAll(KEY)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    );
    for (let depth = 1; depth <= Math.min(keys.length, 3); depth += 1) {
      const path = keys.slice(0, depth).join('\0');
      if (!lines.has(path)) lines.set(path, line);
    }
  }
  return lines;
}
