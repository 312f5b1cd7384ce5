import { CodeModeError } from '../code-mode-error.ts';

const MAX_QUOTED = 60;

/** A script that cannot be saved as it is; the message names the member. */
export function scriptInvalid(message: string): CodeModeError {
  return new CodeModeError('SCRIPT_INVALID', message);
}

/** A value as it may stand in a message: cut, on one line, with nothing that is not seen. */
export function quoted(value: unknown): string {
  if (typeof value !== 'string')
    return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  const cut = value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
  return JSON.stringify(cut.toWellFormed()).replace(/[^\x20-\x7e…]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
