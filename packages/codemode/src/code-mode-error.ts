/**
 * - `ARGUMENT_INVALID` an argument of the execution is missing or wrong
 * - `SERVER_UNKNOWN` no such server, or the caller may not reach it
 * - `SERVER_UNAVAILABLE` it cannot be reached now
 * - `TOOL_UNKNOWN` no such tool, or the caller may not call it
 * - `SESSION_UNKNOWN`, `SESSION_LIMIT`, `SESSION_BUSY` of script sessions
 * - `SCRIPT_UNKNOWN`, `SCRIPT_INVALID`, `SCRIPT_LIMIT` of saved scripts
 * - `PLAN_UNKNOWN`, `PLAN_DIFFERS` of previews
 * - `CHECKER_FAILED` the script could not be checked
 * - `OUTPUT_UNKNOWN` no such cut output, or it is gone
 */
export type CodeModeErrorCode =
  | 'ARGUMENT_INVALID'
  | 'SERVER_UNKNOWN'
  | 'SERVER_UNAVAILABLE'
  | 'TOOL_UNKNOWN'
  | 'SESSION_UNKNOWN'
  | 'SESSION_LIMIT'
  | 'SESSION_BUSY'
  | 'SCRIPT_UNKNOWN'
  | 'SCRIPT_INVALID'
  | 'SCRIPT_LIMIT'
  | 'PLAN_UNKNOWN'
  | 'PLAN_DIFFERS'
  | 'CHECKER_FAILED'
  | 'OUTPUT_UNKNOWN';

/** Something that the author of a script can mend, or has to be told. The message names the place and the remedy. */
export class CodeModeError extends Error {
  readonly code: CodeModeErrorCode;

  constructor(code: CodeModeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodeModeError';
    this.code = code;
  }
}
