// What of sucrase is used, as it is used here; the package has types for its entry only.
declare module 'sucrase/dist/parser' {
  interface Token {
    readonly type: number;
    readonly start: number;
    readonly end: number;
    readonly isType: boolean;
  }
  export function parse(
    source: string,
    isJsx: boolean,
    isTypeScript: boolean,
    isFlow: boolean,
  ): { readonly tokens: Token[]; readonly scopes: unknown[] };
}
declare module 'sucrase/dist/parser/tokenizer/types' {
  export const TokenType: { readonly template: number; readonly string: number; readonly name: number };
}
declare module 'sucrase/dist/identifyShadowedGlobals' {
  const identify: (tokens: object, scopes: unknown[], names: Set<string>) => void;
  export { identify as default };
}
declare module 'sucrase/dist/HelperManager' {
  export class HelperManager {
    constructor(names: object);
  }
}
declare module 'sucrase/dist/NameManager' {
  class NameManager {
    constructor(source: string, tokens: unknown[]);
  }
  export { NameManager as default };
}
declare module 'sucrase/dist/TokenProcessor' {
  class TokenProcessor {
    constructor(
      source: string,
      tokens: unknown[],
      isFlow: boolean,
      disableESTransforms: boolean,
      helpers: object,
    );
  }
  export { TokenProcessor as default };
}
declare module 'sucrase/dist/transformers/RootTransformer' {
  class RootTransformer {
    constructor(context: object, transforms: readonly string[], isLegacyInterop: boolean, options: object);
    transform(): { code: string; mappings: (number | undefined)[] };
  }
  export { RootTransformer as default };
}
declare module 'sucrase/dist/util/getTSImportedNames' {
  const getNames: (tokens: object) => Set<string>;
  export { getNames as default };
}
