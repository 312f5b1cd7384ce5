/** One script to be checked before it runs. */
export interface CheckRequest {
  readonly code: string;
  readonly language: 'typescript' | 'javascript';
  /** Name of the script in diagnostics. */
  readonly name: string;
  /** Global declarations that the script may use; the file names come back in `related`. */
  readonly declarations: readonly DeclarationFile[];
  /** What earlier runs of the session declared: `declares` of the last check that said `ok`. A script may declare the names anew. */
  readonly earlier?: string | undefined;
  /** Whether the reply has `declares`, for sessions; costs a little more time. */
  readonly wantsDeclares?: boolean | undefined;
  /** Whose script it is, any text: the checks of one owner do not keep out those of others. Default: all have the same. */
  readonly owner?: string | undefined;
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
      /** `earlier` with what this script declares at its top level: `.d.ts` text that replaces it in the next check. Just `earlier` unless asked for. */
      readonly declares: string;
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** How many more there are, at least. */ readonly more: number;
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

/** Checks scripts, in processes that may die without harm. */
export interface ScriptChecker extends AsyncDisposable {
  /**
   * Tells what is wrong with a script, without running it. A verdict of `ok` is no promise that it is harmless, nor that it can be run.
   *
   * @throws {CodeModeError} `CHECKER_FAILED` when there is no verdict: it took too long, ran out of memory, was cancelled, or could not be started.
   */
  check(request: CheckRequest): Promise<CheckReply>;
}
