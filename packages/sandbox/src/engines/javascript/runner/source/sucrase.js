/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- the parts of sucrase have no types of their own */
import { createRequire } from 'node:module';

// The parts and not the package's entry: the entry loads four other packages for checks of options and source maps, and tells nothing of tokens.
const require = createRequire(import.meta.url);
const { parse } = require('sucrase/dist/parser');
const { TokenType } = require('sucrase/dist/parser/tokenizer/types');
const { default: identifyShadowedGlobals } = require('sucrase/dist/identifyShadowedGlobals');
const { HelperManager } = require('sucrase/dist/HelperManager');
const { default: NameManager } = require('sucrase/dist/NameManager');
const { default: TokenProcessor } = require('sucrase/dist/TokenProcessor');
const { default: RootTransformer } = require('sucrase/dist/transformers/RootTransformer');
const { default: getTSImportedNames } = require('sucrase/dist/util/getTSImportedNames');

const OPTIONS = { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true };

export { TokenType };

/**
 * Parses TypeScript and takes its types out; line ends stay where they are.
 *
 * @typedef {object} Token
 * @property {number} type
 * @property {number} start
 * @property {number} end
 * @property {boolean} isType
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
