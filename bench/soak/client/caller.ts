/** A call that did not succeed. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** Few different texts, such as `-32603` or `HTTP 503`. */
  readonly kind: string;

  constructor(kind: string, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }
}

export interface CountArguments extends Record<string, unknown> {
  readonly tag: string;
  readonly delayMs: number;
}

/** Where a client goes and as whom. */
export interface Address {
  readonly url: string;
  readonly key: string;
}

/** One client of the gateway. */
export interface Caller {
  /**
   * Calls a tool and waits for its result.
   *
   * @throws {CallFailed} When it did not succeed.
   */
  call(tool: string, args: CountArguments): Promise<void>;
  /** Goes away as a program does that crashes: connections break, a session stays behind. */
  vanish(): Promise<void>;
  /** Takes leave as it should be done. */
  end(): Promise<void>;
}

/** Longer than anything takes that gets an answer at all. */
export const PATIENCE_MS = 60_000;

/** What an error of an SDK or of `fetch` is about, in one word. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'unknown';
  }
  if (error instanceof CallFailed) {
    return error.kind;
  }
  const { code, status } = error as { readonly code?: unknown; readonly status?: unknown };
  if (typeof status === 'number') {
    return `HTTP ${status}`;
  }
  if (typeof code === 'string' || typeof code === 'number') {
    return `${code}`;
  }
  return error.cause === undefined ? error.name : kindOf(error.cause);
}

/** The kind of a result that says that the tool failed. */
export const TOOL_ERROR = 'isError';
