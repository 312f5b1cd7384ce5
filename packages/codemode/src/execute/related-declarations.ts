import { declareTool } from '../bindings/declare-tool.ts';
import type { NamedServer, NamedTool } from '../bindings/named.ts';
import type { Diagnostic } from '../check/check.ts';
import type { RunDeclarations } from './declarations.ts';

const MAX_DECLARATIONS = 4;
const MAX_LINE_CHARS = 500;
const CALL =
  /([A-Za-z_$][\w$]*)\s*(?:\?\.)?\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*(['"`])([^'"`\n]{1,200})\3\s*\])/g;

interface Related {
  readonly server: NamedServer;
  readonly tool: NamedTool;
}

/**
 * The declarations of the tools that diagnostics are about: those that the compiler points at, else those whose call stands in the line. Each once, and no more than
 * a few.
 */
export function relatedDeclarations(
  diagnostics: readonly Diagnostic[],
  code: string,
  declarations: RunDeclarations,
  maxDescriptionChars: number,
): readonly string[] {
  const lines = code.split('\n');
  const found = new Map<NamedTool, Related>();
  for (const diagnostic of diagnostics) {
    const pointed = diagnostic.related.flatMap((place) => ifDeclared(declarations, place));
    const related = pointed.length > 0 ? pointed : calledNear(diagnostic, lines, declarations);
    for (const each of related) found.set(each.tool, each);
  }
  return [...found.values()]
    .slice(0, MAX_DECLARATIONS)
    .map(({ server, tool }) => declareTool(server, tool, { maxDescriptionChars }));
}

function ifDeclared({ servers }: RunDeclarations, place: { file: string; line: number }): readonly Related[] {
  const declared = servers.get(place.file);
  const hit = declared?.tools.find(({ from, to }) => from <= place.line && place.line <= to);
  return declared === undefined || hit === undefined ? [] : [{ server: declared.server, tool: hit.tool }];
}

/** Calls in the line of a diagnostic or shortly before it: the last one that begins at or before its column. */
function calledNear(
  { line, column }: Diagnostic,
  lines: readonly string[],
  { servers }: RunDeclarations,
): readonly Related[] {
  for (let at = line; at > Math.max(0, line - 4); at -= 1) {
    const text = (lines[at - 1] ?? '').slice(0, MAX_LINE_CHARS);
    const calls = [...text.matchAll(CALL)]
      .filter(({ index }) => at < line || index < column)
      .flatMap(([, alias = '', method, , quoted]) => ifTool(servers, alias, method ?? quoted ?? ''));
    const last = calls.at(-1);
    if (last !== undefined) return [last];
  }
  return [];
}

function ifTool(servers: RunDeclarations['servers'], alias: string, name: string): readonly Related[] {
  for (const { server, tools } of servers.values()) {
    if (server.alias !== alias && `mcp_${server.snake}` !== alias) continue;
    const hit = tools.find(({ tool }) => [tool.alias, tool.snake, tool.definition.name].includes(name));
    if (hit !== undefined) return [{ server, tool: hit.tool }];
  }
  return [];
}
