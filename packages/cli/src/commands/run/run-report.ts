import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import type { ScriptFile } from './script-file.ts';

/** What came of a script: the structured content of `smcp_execute`, with all places as the file has them. */
export interface RunReport {
  /** `success`, or as `smcp_execute` tells failures. */
  readonly status: string;
  readonly exit: ExitCode;
  readonly content: JsonObject;
}

const DENIED: ReadonlySet<unknown> = new Set(['DENIED', 'NOT_APPROVED', 'APPROVAL_REQUIRED']);
const WRONG_USE: ReadonlySet<unknown> = new Set(['ARGUMENT_INVALID', 'SERVER_UNKNOWN']);

export function toReport(content: JsonObject, script: ScriptFile): RunReport {
  const { status: told, error, diagnostics } = content;
  const status = typeof told === 'string' ? told : 'success';
  return {
    status,
    exit: exitOf(status, error),
    content: {
      status,
      ...content,
      ...(isJsonObject(error) ? { error: placedError(error, script) } : {}),
      ...(Array.isArray(diagnostics)
        ? { diagnostics: (diagnostics as readonly JsonValue[]).map((one) => placed(one, script)) }
        : {}),
    },
  };
}

function exitOf(status: string, error: JsonValue | undefined): ExitCode {
  if (status === 'success') return EXIT.ok;
  const code = isJsonObject(error) ? error['code'] : undefined;
  if (status === 'validation_error' || WRONG_USE.has(code)) return EXIT.usage;
  return DENIED.has(code) ? EXIT.denied : EXIT.failure;
}

function placedError(error: JsonObject, script: ScriptFile): JsonValue {
  const { stack } = error;
  return placed(typeof stack === 'string' ? { ...error, stack: placedStack(stack, script) } : error, script);
}

function placed(value: JsonValue, script: ScriptFile): JsonValue {
  if (!isJsonObject(value)) return value;
  const { line, column } = value;
  if (typeof line !== 'number' || typeof column !== 'number') return value;
  return { ...value, column: columnIn(script, line, column) };
}

function columnIn({ addedColumns }: ScriptFile, line: number, column: number): number {
  return line === 1 ? Math.max(1, column - addedColumns) : column;
}

/** Frames name the script as it is called where it runs. */
const FRAME_PLACE = /\bscript\.[tj]s:(\d+):(\d+)/g;

function placedStack(stack: string, script: ScriptFile): string {
  return stack.replaceAll(
    FRAME_PLACE,
    (_, line: string, column: string) =>
      `${script.name}:${line}:${columnIn(script, Number(line), Number(column))}`,
  );
}
