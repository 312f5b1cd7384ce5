import { sourcePlace } from '@smcp/codemode';
import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { counted } from '../../output/count.ts';
import { oneLine } from '../../output/printable.ts';
import type { RunReport } from './run-report.ts';
import type { ScriptFile } from './script-file.ts';

const MAX_ARGS_CHARS = 500;

/** What the script gave, for standard output: a text as it is, anything else as JSON. Undefined when it gave nothing. */
export function valueText({ content }: RunReport): string | undefined {
  const { result } = content;
  if (result === undefined) return undefined;
  return typeof result === 'string' ? result : JSON.stringify(result, null, 2);
}

/** The calls that a preview did not make, and how to have them made. */
export function planText({ content }: RunReport, script: ScriptFile): string | undefined {
  const { plan } = content;
  if (!isJsonObject(plan)) return undefined;
  const calls = listOf(plan['calls']);
  const made = plan['made'] === 0 ? '' : ` (${counted(Number(plan['made']), 'read-only call')} made)`;
  if (calls.length === 0) return `No call would change anything${made}`;
  return [
    `${counted(calls.length, 'call')} would be made, in this order${made}:`,
    ...calls.map((call, index) => `${index + 1}. ${callText(call)}`),
    `To do exactly this: smcp run ${oneLine(script.name, 100)} --apply ${textOf(plan['digest'])}, with the same options`,
  ].join('\n');
}

function callText({ server, tool, args }: JsonObject): string {
  const text = JSON.stringify(args);
  const cut = text.length > MAX_ARGS_CHARS ? `${text.slice(0, MAX_ARGS_CHARS).toWellFormed()}…` : text;
  return `${textOf(server)}:${textOf(tool)} ${cut}`;
}

/** Why there is no value, or not the whole of it, for standard error. */
export function problemLines({ status, content }: RunReport, script: ScriptFile): readonly string[] {
  const { error, summary, notes } = content;
  const failed = status !== 'success';
  return [
    ...(isJsonObject(error) ? errorLines(error, script) : failed ? [textOf(summary)] : []),
    ...diagnosticLines(content, script),
    ...(Array.isArray(notes) ? (notes as readonly JsonValue[]).map((note) => `note: ${textOf(note)}`) : []),
  ];
}

function errorLines({ name, message, code, line, column, stack }: JsonObject, script: ScriptFile): string[] {
  const isOurs = name === 'CodeModeError' || name === 'SandboxError';
  const label = `${isOurs ? '' : `${textOf(name)}: `}${textOf(message)}${code === undefined ? '' : ` [${textOf(code)}]`}`;
  if (typeof line !== 'number') return [label];
  const at = typeof column === 'number' ? column : 1;
  const frames = typeof stack === 'string' ? stack.split('\n') : [];
  return [
    `${script.name}:${line}:${at} ${label}`,
    ...linesAt(script, line, at),
    // A single frame is the place that was told already.
    ...(frames.length < 2 ? [] : frames.map((frame) => `    ${frame.trim()}`)),
  ];
}

function diagnosticLines({ diagnostics, moreDiagnostics, declarations }: JsonObject, script: ScriptFile) {
  const found = listOf(diagnostics);
  const lines = found.flatMap(({ line, column, code, message, related }) => [
    `${script.name}:${textOf(line)}:${textOf(column)} error TS${textOf(code)}: ${textOf(message)}`,
    ...linesAt(script, Number(line), Number(column)),
    ...listOf(related)
      .filter((place) => place['message'] !== '')
      .map((place) => `    ${textOf(place['message'])}`),
  ]);
  const declared: readonly JsonValue[] = Array.isArray(declarations) ? declarations : [];
  return [
    ...lines,
    ...(typeof moreDiagnostics === 'number' ? [`and ${moreDiagnostics} more`] : []),
    ...(declared.length === 0 ? [] : ['', 'declarations:', ...declared.map(textOf)]),
  ];
}

function linesAt({ name, text }: ScriptFile, line: number, column: number): readonly string[] {
  return sourcePlace({ name, code: text }, line, column);
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
