import type { Diagnostic } from '../check.ts';
import type { ScriptForm } from '../script-form.ts';
import { toScriptPlace } from '../script-form.ts';
import type { Reported } from './read-report.ts';
import { wordMessage } from './word-message.ts';

/** What the paths in a report stand for. */
export interface ReportNames {
  /** The script's own path. */
  readonly scriptPath: string;
  /** The name to show for a path of a report; `undefined` for files that are not of this check, such as those of the language. */
  shownName(path: string): string | undefined;
  /** A text without paths of this machine. */
  withoutPaths(text: string): string;
}

export interface ReplyBounds {
  readonly maxDiagnostics: number;
  readonly maxMessageChars: number;
}

const MAX_RELATED = 3;
const BRACES_DIFFER = 1128;

/** Whether an error is about a type that was left out, which is nothing wrong in a script. */
function isAboutStyle({ code, message }: Reported): boolean {
  if (code < 7005 || code > 7061) return false;
  // A name in quotes that an object does not have is as wrong as one after a dot.
  return !(code === 7053 && /expression of type '"/u.test(message) && !/index type '\{\}'/u.test(message));
}

/**
 * Turns the errors in a script into a reply for its author, in the order of their places.
 *
 * @param reported Errors in the script, and no others.
 */
export function diagnose(
  form: ScriptForm,
  reported: readonly Reported[],
  names: ReportNames,
  bounds: ReplyBounds,
): { readonly diagnostics: readonly Diagnostic[]; readonly more: number } {
  const found = new Map<string, Diagnostic>();
  for (const error of reported) {
    if (isAboutStyle(error)) continue;
    const diagnostic = toDiagnostic(form, error, names, bounds);
    // An import is an error for its place and for its module; both say the same.
    const key = `${diagnostic.line} ${diagnostic.message}`;
    if (!found.has(key)) found.set(key, diagnostic);
  }
  const sorted = [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    diagnostics: sorted.slice(0, bounds.maxDiagnostics),
    more: Math.max(0, sorted.length - bounds.maxDiagnostics),
  };
}

function toDiagnostic(
  form: ScriptForm,
  error: Reported,
  names: ReportNames,
  bounds: ReplyBounds,
): Diagnostic {
  const { line, column, isPastEnd } = toScriptPlace(form, error.place ?? { line: 1, column: 1 });
  if (error.message.includes(form.mark) || (isPastEnd && error.code === BRACES_DIFFER)) {
    const message = 'The braces do not match: a `}` ends the script before its end';
    return { line, column, code: BRACES_DIFFER, message, related: [] };
  }
  if (isPastEnd) {
    const message = `The script ends in the middle of something: ${error.message}`;
    return { line, column, code: error.code, message: word(0, message), related: [] };
  }
  return {
    line,
    column,
    code: error.code,
    message: word(error.code, error.message, form.lines[line - 1]?.slice(column - 1)),
    related: toRelated(form, error, names, (message) => word(0, message)),
  };

  function word(code: number, message: string, source = ''): string {
    return wordMessage(code, names.withoutPaths(message), source, bounds.maxMessageChars);
  }
}

function toRelated(
  form: ScriptForm,
  error: Reported,
  names: ReportNames,
  word: (message: string) => string,
): Diagnostic['related'] {
  return error.related.slice(0, MAX_RELATED).map(({ file, line, column, message }) => ({
    file: names.shownName(file) ?? file.replace(/^.*[/\\]/u, ''),
    line: file === names.scriptPath ? toScriptPlace(form, { line, column }).line : line,
    message: word(message),
  }));
}
