import {
  isCollection,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type ErrorCode,
} from 'yaml';
import type { ConfigNode, Position } from './config-node.ts';
import { NodeReader } from './node-reader.ts';
import type { ProblemList } from './problems.ts';

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
  const position = (offset: number): Position => toPosition(lines, offset);
  const [first, second] = documents;
  if (first === undefined) {
    const streamProblems = 'empty' in documents ? [...documents.errors, ...documents.warnings] : [];
    for (const { code, pos } of streamProblems)
      problems.errorAt(position(pos[0]), [], 'syntax', SYNTAX_MESSAGES[code]);
    return undefined;
  }
  const tooDeep = first.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) {
    // Whatever else the parser says then depends on where it gave up.
    problems.errorAt(position(tooDeep.pos[0]), [], 'syntax', SYNTAX_MESSAGES[tooDeep.code]);
    return undefined;
  }
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
