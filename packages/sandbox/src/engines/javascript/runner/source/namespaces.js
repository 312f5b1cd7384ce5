import { TokenType } from './sucrase.js';

const OPENERS = new Set(['namespace', 'module']);
const DECLARED = new Set(['namespace', 'module', 'global']);

/**
 * Finds a namespace with code in it. Taking types out would take it out too, without a word; one that is only declared has no code.
 *
 * @param {string} source
 * @param {readonly import('./sucrase.js').Token[]} tokens
 * @returns {number | undefined} Its offset.
 */
export function findNamespace(source, tokens) {
  const textOf = (/** @type {number} */ index) => {
    const token = tokens[index];
    return token === undefined ? '' : source.slice(token.start, token.end);
  };
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.isType !== true || token.type === TokenType.string) {
      continue;
    }
    if (textOf(index) === 'declare' && DECLARED.has(textOf(index + 1))) {
      index = endOfBlock(tokens, textOf, index);
    } else if (OPENERS.has(textOf(index)) && isNamespaceHead(tokens, textOf, index)) {
      return token.start;
    }
  }
  return undefined;
}

/**
 * `namespace A {` or `namespace A.B {`, as no two names stand side by side in a type.
 *
 * @param {readonly import('./sucrase.js').Token[]} tokens
 * @param {(index: number) => string} textOf
 * @param {number} index
 */
function isNamespaceHead(tokens, textOf, index) {
  let at = index + 1;
  if (!isTypeName(tokens[at])) {
    return false;
  }
  while (textOf(at + 1) === '.' && isTypeName(tokens[at + 2])) {
    at += 2;
  }
  return textOf(at + 1) === '{' && tokens[at + 1]?.isType === true;
}

/** @param {import('./sucrase.js').Token | undefined} token */
function isTypeName(token) {
  return token?.isType === true && token.type === TokenType.name;
}

/**
 * Index of the last token of the first block that opens at or after `index`, or of the last token when none does.
 *
 * @param {readonly import('./sucrase.js').Token[]} tokens
 * @param {(index: number) => string} textOf
 * @param {number} index
 */
function endOfBlock(tokens, textOf, index) {
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    const text = textOf(at);
    if (text === '{') {
      depth += 1;
    } else if (text === '}') {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    } else if (text === ';' && depth === 0) {
      return at;
    }
  }
  return tokens.length;
}
