/** One script to be checked before it runs. */
export interface CheckRequest {
  readonly code: string;
  readonly language: 'typescript' | 'javascript';
  /** Name of the script in diagnostics. */
  readonly name: string;
  /** Global declarations that the script may use; the file names come back in `related`. */
  readonly declarations: readonly DeclarationFile[];
  /** Names declared at the top level of earlier runs of the session, as `.d.ts` text; a script may declare them anew. */
  readonly earlier?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DeclarationFile {
  /** Such as `github.d.ts`. */
  readonly name: string;
  readonly text: string;
}

export type CheckReply =
  | {
      readonly ok: true;
      /** What the script declares at its top level, as `.d.ts` text for `earlier` of a next one. */
      readonly declares: string;
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** How many more there are. */ readonly more: number;
    };

/** One thing that is wrong, at its place in the source as it was given; lines and columns from 1. */
export interface Diagnostic {
  readonly line: number;
  readonly column: number;
  /** Number of the compiler's message, such as 2345. */
  readonly code: number;
  readonly message: string;
  /** Places in declarations that the compiler points at. */
  readonly related: readonly {
    readonly file: string;
    readonly line: number;
    readonly message: string;
  }[];
}

/**
 * Checks scripts, in processes that may die without harm.
 *
 * @throws {CodeModeError} `CHECKER_FAILED` when there is no verdict: it took too long, ran out of memory, or could not be started.
 */
export interface ScriptChecker extends AsyncDisposable {
  check(request: CheckRequest): Promise<CheckReply>;
}
