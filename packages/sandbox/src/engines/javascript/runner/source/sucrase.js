/* oxlint-disable typescript/no-unsafe-assignment -- what is required has no type until it is said; see sucrase-parts.d.ts */
import { createRequire } from 'node:module';

// The parts and not the package's entry: the entry loads four other packages for checks of options and source maps, and tells nothing of tokens.
const require = createRequire(import.meta.url);
/** @type {typeof import('sucrase/dist/parser')} */
const { parse } = require('sucrase/dist/parser');
/** @type {typeof import('sucrase/dist/parser/tokenizer/types')} */
const { TokenType } = require('sucrase/dist/parser/tokenizer/types');
/** @type {typeof import('sucrase/dist/identifyShadowedGlobals')} */
const { default: identifyShadowedGlobals } = require('sucrase/dist/identifyShadowedGlobals');
/** @type {typeof import('sucrase/dist/HelperManager')} */
const { HelperManager } = require('sucrase/dist/HelperManager');
/** @type {typeof import('sucrase/dist/NameManager')} */
const { default: NameManager } = require('sucrase/dist/NameManager');
/** @type {typeof import('sucrase/dist/TokenProcessor')} */
const { default: TokenProcessor } = require('sucrase/dist/TokenProcessor');
/** @type {typeof import('sucrase/dist/transformers/RootTransformer')} */
const { default: RootTransformer } = require('sucrase/dist/transformers/RootTransformer');
/** @type {typeof import('sucrase/dist/util/getTSImportedNames')} */
const { default: getTSImportedNames } = require('sucrase/dist/util/getTSImportedNames');

const OPTIONS = { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true };

export { TokenType };

/**
 * Parses TypeScript and takes its types out; line ends stay where they are.
 *
 * @typedef {object} Token
 * @property {number} type One of `TokenType`.
 * @property {number} start Offset in the source.
 * @property {number} end Offset behind it.
 * @property {boolean} isType Whether it is part of a type, and goes.
 *
 * @param {string} source
 * @returns {{ tokens: readonly Token[], transform: () => { code: string, mappings: readonly (number | undefined)[] } }} `mappings` gives the place
 *   of each token in `code`; undefined when it was taken out.
 * @throws {SyntaxError} With `loc` (line from 1, column from 1) when it cannot be parsed.
 * @throws {RangeError} When it is nested too deep.
 */
export function parseTypeScript(source) {
  const file = parse(source, false, true, false);
  return {
    tokens: file.tokens,
    transform() {
      const names = new NameManager(source, file.tokens);
      const helpers = new HelperManager(names);
      const tokenProcessor = new TokenProcessor(source, file.tokens, false, true, helpers);
      identifyShadowedGlobals(tokenProcessor, file.scopes, getTSImportedNames(tokenProcessor));
      const context = {
        tokenProcessor,
        scopes: file.scopes,
        nameManager: names,
        importProcessor: null,
        helperManager: helpers,
      };
      return new RootTransformer(context, OPTIONS.transforms, false, OPTIONS).transform();
    },
  };
}
