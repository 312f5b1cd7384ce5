import { JsonError, readJson, type JsonLimits, type JsonValue } from '@smcp/protocol';
import type { Outcome } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import type { Execution } from '../execute/execution.ts';
import type { Payload, PayloadError } from './payload.ts';
import { whyStopped, type StoppedContext } from './stopped.ts';
import { streamLines } from './stream-lines.ts';

/** What is deeper or more than that is told as text. */
const VALUE_LIMITS: JsonLimits = { maxLength: Number.MAX_SAFE_INTEGER, maxDepth: 128, maxNodes: 1_000_000 };

type Ran = Extract<Execution, { status: 'ran' }>;

export function toPayload(execution: Execution, context: StoppedContext): Payload {
  if (execution.status === 'ran') return ranPayload(execution, context);
  const { diagnostics, more, declarations, notes = [] } = execution;
  const count = diagnostics.length + more;
  return {
    status: 'check_failed',
    summary: `Check failed: ${count} ${count === 1 ? 'error' : 'errors'}; nothing was run`,
    diagnostics,
    ...(more > 0 ? { moreDiagnostics: more } : {}),
    ...(declarations.length > 0 ? { declarations } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The reply when nothing was run because of something that the caller can mend, or has to be told. */
export function errorPayload(error: Error, status: 'validation_error' | 'unavailable'): Payload {
  const code = error instanceof CodeModeError ? error.code : undefined;
  return {
    status,
    summary: error.message,
    error: { name: error.name, message: error.message, ...(code === undefined ? {} : { code }) },
  };
}

function ranPayload({ outcome, plan, servers, notes }: Ran, context: StoppedContext): Payload {
  const stdout = streamLines(outcome.output, 'stdout');
  const stderr = streamLines(outcome.output, 'stderr');
  const result = outcome.status === 'ok' ? ifValue(outcome.value) : undefined;
  const isQuiet = stdout.length === 0 && result === undefined;
  const told = [...notes, ...droppedNote(outcome)];
  return {
    status: outcome.status === 'ok' ? 'success' : outcome.status,
    summary: summaryOf(outcome, isQuiet, context),
    ...(servers.length > 0 ? { servers } : {}),
    ...(stdout.length > 0 ? { stdout } : {}),
    ...(stderr.length > 0 ? { stderr } : {}),
    ...(result === undefined ? {} : { result }),
    ...(outcome.status === 'error' ? { error: errorOf(outcome) } : {}),
    ...(plan === undefined ? {} : { plan }),
    ...(told.length > 0 ? { notes: told } : {}),
    ...(outcome.status === 'timeout' ? { timeoutSeconds: context.timeoutSeconds } : {}),
  };
}

function summaryOf(outcome: Outcome, isQuiet: boolean, context: StoppedContext): string {
  if (outcome.status === 'ok') return isQuiet ? 'Success (no output)' : 'Success';
  if (outcome.status === 'error') {
    const { name, message } = errorOf(outcome);
    return `Script error: ${name}: ${firstLine(message)}`;
  }
  return whyStopped(outcome, context);
}

function errorOf({ error }: Outcome): PayloadError {
  if (error === undefined) return { name: 'Error', message: 'The script failed' };
  const { name, message, line, column, stack, details } = error;
  const code = codeOf(details);
  return {
    name: name.toWellFormed(),
    message: message.toWellFormed(),
    ...(code === undefined ? {} : { code }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(stack === undefined || stack === '' ? {} : { stack: stack.toWellFormed() }),
  };
}

function codeOf(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('code' in details)) return undefined;
  return typeof details.code === 'string' ? details.code : undefined;
}

function droppedNote({ droppedOutputBytes }: Outcome): readonly string[] {
  if (droppedOutputBytes === 0) return [];
  return [`${droppedOutputBytes} bytes of output were dropped for being over the limit`];
}

/** A runner is not trusted to have written JSON that every reader takes alike: what is none is told as text. */
function ifValue(text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined;
  try {
    return readJson(text, VALUE_LIMITS).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return text.toWellFormed();
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
