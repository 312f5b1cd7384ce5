/** Contents of a `tsconfig.json`. */
export interface CompilerSettings {
  readonly compilerOptions: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** Relative to the folder of the settings. */
  readonly files: readonly string[];
}

/**
 * Nothing outside of the named files is read for its content: imports and references do not add files, and a module would have to have a name
 * that none has. Without the latter, whether an import is an error would tell whether a file exists.
 */
const NOTHING_ELSE = {
  noResolve: true,
  moduleSuffixes: ['.not-for-scripts'],
  types: [],
  allowImportingTsExtensions: true,
} as const;

const LANGUAGE = {
  target: 'es2024',
  // What the engine has at run time, no more.
  lib: ['es2025', 'esnext.array'],
  module: 'esnext',
  moduleResolution: 'bundler',
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
} as const;

/**
 * Strict where a mistake would cost a wrong call, lenient where it is about style. The compiler gives lists such as `const found = []` a useful type only
 * with `noImplicitAny`; what that complains of besides is left out of the reply.
 */
function strictness(language: 'typescript' | 'javascript'): CompilerSettings['compilerOptions'] {
  return {
    strict: true,
    noImplicitAny: true,
    noImplicitThis: false,
    strictPropertyInitialization: false,
    useUnknownInCatchVariables: false,
    // JavaScript has no way to say that something is not null.
    strictNullChecks: language === 'typescript',
    allowUnreachableCode: true,
    allowUnusedLabels: true,
  };
}

/** Settings to look for mistakes. */
export function checkSettings(
  language: 'typescript' | 'javascript',
  files: readonly string[],
): CompilerSettings {
  return {
    compilerOptions: {
      ...LANGUAGE,
      ...NOTHING_ELSE,
      ...strictness(language),
      moduleDetection: 'force',
      noEmit: true,
    },
    files,
  };
}

const DECLARATIONS_ONLY = {
  noCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  removeComments: true,
  outDir: 'out',
} as const;

/** Settings to learn which names a script declares: as a text without modules, all of them are in its declarations. */
export function nameSettings(file: string): CompilerSettings {
  return {
    compilerOptions: {
      target: LANGUAGE.target,
      noLib: true,
      module: LANGUAGE.module,
      moduleResolution: LANGUAGE.moduleResolution,
      ...NOTHING_ELSE,
      ...DECLARATIONS_ONLY,
      moduleDetection: 'legacy',
      rootDir: '.',
    },
    files: [file],
  };
}

/** Settings to learn the types of what a script exports. */
export function typeSettings(
  language: 'typescript' | 'javascript',
  files: readonly string[],
): CompilerSettings {
  return {
    compilerOptions: {
      ...LANGUAGE,
      ...NOTHING_ELSE,
      ...DECLARATIONS_ONLY,
      ...strictness(language),
      moduleDetection: 'force',
      rootDir: '.',
    },
    files,
  };
}
