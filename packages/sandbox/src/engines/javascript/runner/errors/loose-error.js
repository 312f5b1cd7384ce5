const MAX_LENGTH = 1000;

/**
 * A rejection that nothing in the script handled, as a line of output.
 *
 * @param {unknown} error As it left the isolate.
 */
export function looseErrorLine(error) {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
  return `Unhandled rejection: ${line}\n`;
}
