import { lineStartsOf } from './place.js';
import { TokenType } from './sucrase.js';

/**
 * Puts spaces where types were, so that what is left stands in the columns in which it was written.
 *
 * Where a transformation put text in (an enum, a parameter property), the rest of that line stays shifted to the right.
 *
 * @param {string} source As written.
 * @param {readonly import('./sucrase.js').Token[]} tokens Of `source`.
 * @param {string} code The same without types, line for line.
 * @param {readonly (number | undefined)[]} mappings Where the tokens are in `code`.
 */
export function alignColumns(source, tokens, code, mappings) {
  const sourceLines = lineStartsOf(source);
  const codeLines = lineStartsOf(code);
  const pieces = [];
  let copied = 0;
  let sourceLine = 0;
  let codeLine = 0;
  let added = 0;
  for (const [index, token] of tokens.entries()) {
    const at = mappings[index];
    if (at === undefined || at < copied) {
      continue;
    }
    sourceLine = lineAt(sourceLines, sourceLine, token.start);
    const line = lineAt(codeLines, codeLine, at);
    if (line !== codeLine) {
      codeLine = line;
      added = 0;
    }
    const missing =
      columnAt(sourceLines, sourceLine, token.start) - columnAt(codeLines, codeLine, at) - added;
    if (missing > 0 && sourceLine === codeLine && canStandBehindSpace(tokens, index)) {
      pieces.push(code.slice(copied, at), ' '.repeat(missing));
      copied = at;
      added += missing;
    }
  }
  pieces.push(code.slice(copied));
  return pieces.join('');
}

/**
 * Text of a template is text: a space before its end or before `${` would be part of it.
 *
 * @param {readonly import('./sucrase.js').Token[]} tokens
 * @param {number} index
 */
function canStandBehindSpace(tokens, index) {
  return tokens[index]?.type !== TokenType.template && tokens[index - 1]?.type !== TokenType.template;
}

/**
 * @param {readonly number[]} starts
 * @param {number} from A line that is not behind `offset`.
 * @param {number} offset
 */
function lineAt(starts, from, offset) {
  let line = from;
  while ((starts[line + 1] ?? Infinity) <= offset) {
    line += 1;
  }
  return line;
}

/**
 * @param {readonly number[]} starts
 * @param {number} line
 * @param {number} offset
 */
function columnAt(starts, line, offset) {
  return offset - (starts[line] ?? 0);
}
