import { valueText, type BoundPayload } from './bound-payload.ts';
import { diagnosticsText } from './diagnostics-text.ts';
import type { PayloadError, ShownScript } from './payload.ts';
import { sourcePlace } from './source-place.ts';

const MAX_ARGS_CHARS = 500;

/** A reply as plain text: what was printed, then what was returned, then what went wrong. */
export function compactText(payload: BoundPayload, script: ShownScript): string {
  const { status, summary, stdout = [], stderr = [], result, error, diagnostics, plan, notes = [] } = payload;
  const isSuccess = status === 'success';
  const lines = [
    ...(isSuccess ? [] : [`status: ${status}`]),
    ...stdout,
    ...(result === undefined ? [] : [valueText(result)]),
    ...(stderr.length > 0 ? ['stderr:', ...stderr] : []),
    ...(error === undefined ? [] : errorLines(error, script)),
    ...(error === undefined && !isSuccess ? [summary] : []),
    ...(diagnostics === undefined
      ? []
      : diagnosticsText(
          { diagnostics, more: payload.moreDiagnostics ?? 0, declarations: payload.declarations ?? [] },
          script,
        )),
    ...planLines(plan),
    ...notes.map((note) => `note: ${note}`),
  ];
  return lines.length === 0 ? summary : lines.join('\n');
}

function errorLines(error: PayloadError, script: ShownScript): readonly string[] {
  const { name, message, code, line, column, stack } = error;
  const label = name === 'CodeModeError' || name === 'SandboxError' ? '' : `${name}: `;
  const place =
    line === undefined ? '' : ` (${script.name}:${line}${column === undefined ? '' : `:${column}`})`;
  return [
    `error: ${label}${message}${code === undefined ? '' : ` [${code}]`}${place}`,
    ...(line === undefined ? [] : sourcePlace(script, line, column ?? 1)),
    ...frameLines(stack),
  ];
}

/** A single frame is the place that was told already. */
function frameLines(stack: string | undefined): readonly string[] {
  const frames = stack?.split('\n') ?? [];
  return frames.length < 2 ? [] : frames.map((frame) => `    ${frame.trim()}`);
}

function planLines(plan: BoundPayload['plan']): readonly string[] {
  if (plan === undefined) return [];
  if (typeof plan === 'string') return [`plan: ${plan}`];
  const { calls, made, digest } = plan;
  const done = made === 0 ? '' : ` (${counted(made, 'read-only call')} made)`;
  if (calls.length === 0) return [`plan: no call would change anything${done}`];
  return [
    `plan: ${counted(calls.length, 'call')} would be made, in this order${done}`,
    ...calls.map(({ server, tool, args }, index) => `${index + 1}. ${server} ${tool} ${shownArgs(args)}`),
    `to do exactly this: the same code with mode "apply:${digest}"`,
  ];
}

function shownArgs(args: unknown): string {
  const text = JSON.stringify(args);
  return text.length <= MAX_ARGS_CHARS ? text : `${text.slice(0, MAX_ARGS_CHARS).toWellFormed()}...`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
