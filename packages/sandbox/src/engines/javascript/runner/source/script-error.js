/** How acorn tells of what others tell by a RangeError. */
const NO_STACK = /not enough stack space/i;

/** A script that cannot be run as it is written. Lines and columns count from 1, in the source as it was given. */
export class ScriptError extends Error {
  /**
   * @param {string} message
   * @param {{ readonly line: number, readonly column: number }} [place]
   */
  constructor(message, place) {
    super(message);
    this.name = 'SyntaxError';
    this.line = place?.line;
    this.column = place?.column;
  }
}

/**
 * What a parser threw, told to the author of the script.
 *
 * @param {unknown} error
 * @returns {ScriptError}
 */
export function toScriptError(error) {
  if (error instanceof ScriptError) {
    return error;
  }
  if (error instanceof RangeError || (error instanceof Error && NO_STACK.test(error.message))) {
    return new ScriptError('The script is nested too deep to be parsed');
  }
  if (!(error instanceof SyntaxError)) {
    return new ScriptError('The script cannot be parsed');
  }
  const found = / ?[([](?:[^()[\]]*:)?(\d+):(\d+)[)\]]$/.exec(error.message);
  if (found === null) {
    return new ScriptError(error.message);
  }
  const place = { line: Number(found[1]), column: Math.max(1, Number(found[2])) };
  return new ScriptError(error.message.slice(0, found.index), place);
}
