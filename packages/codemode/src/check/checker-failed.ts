import { CodeModeError } from '../code-mode-error.ts';

/** The error of a check without a verdict. */
export function checkerFailed(name: string, why: string, options?: ErrorOptions): CodeModeError {
  return new CodeModeError('CHECKER_FAILED', `Cannot check "${name.slice(0, 100)}": ${why}`, options);
}
