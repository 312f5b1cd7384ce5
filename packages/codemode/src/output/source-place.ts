import type { ShownScript } from './payload.ts';

const MAX_LINE_CHARS = 160;

/** The line of a script with a caret under the column, both from 1; empty when the script has no such line. Long lines are cut around the column. */
export function sourcePlace(script: ShownScript, line: number, column: number): readonly string[] {
  const text = lineAt(script.code, line);
  if (text === undefined || text.trim() === '') return [];
  const at = Math.min(Math.max(1, column), text.length + 1) - 1;
  const start = at < MAX_LINE_CHARS ? 0 : at - MAX_LINE_CHARS / 2;
  const shown = text.slice(start, start + MAX_LINE_CHARS).toWellFormed();
  // Tabs stay tabs, so that the caret stands where the column is.
  const blank = shown.slice(0, at - start).replaceAll(/[^\t]/g, ' ');
  return [`    ${shown.trimEnd()}`, `    ${blank}^`];
}

function lineAt(code: string, line: number): string | undefined {
  return code.split(/\r?\n/)[line - 1];
}
