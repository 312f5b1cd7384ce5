import { CodeModeError } from '../code-mode-error.ts';

/** Names are shown to people, so they hold nothing that a terminal or a page could take for more than text. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MAX_QUOTED = 40;

/** @throws {CodeModeError} `ARGUMENT_INVALID` */
export function checkSessionName(name: string): void {
  if (NAME.test(name)) return;
  const shown = JSON.stringify(name.slice(0, MAX_QUOTED).toWellFormed());
  throw new CodeModeError(
    'ARGUMENT_INVALID',
    `Session name ${shown} is not valid: it takes 1 to 64 letters, digits, dots, hyphens and underscores, the first a letter or a digit`,
  );
}
