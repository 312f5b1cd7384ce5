/**
 * What went wrong on the way to an upstream server.
 *
 * - `UPSTREAM_UNAVAILABLE` it could not be reached or started; nothing was sent
 * - `UPSTREAM_SESSION_LOST` it no longer knows our session, has ended before the call reached it, or speaks another version of MCP by now; the
 *   call did not run
 * - `UPSTREAM_REFUSED` it answered with an HTTP status that is no MCP answer; the call did not run
 * - `UPSTREAM_LOST` the way broke after the call was sent; it may have run
 * - `UPSTREAM_TIMEOUT` no answer in time; it may have run
 * - `UPSTREAM_CANCELLED` the caller gave up; it may have run
 * - `UPSTREAM_TOO_LARGE` the answer is over the limit; it has run
 * - `UPSTREAM_PROTOCOL` the answer is no valid message; it may have run
 */
export type UpstreamErrorCode =
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_SESSION_LOST'
  | 'UPSTREAM_REFUSED'
  | 'UPSTREAM_LOST'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_CANCELLED'
  | 'UPSTREAM_TOO_LARGE'
  | 'UPSTREAM_PROTOCOL';

const SURELY_NOT_RUN: ReadonlySet<UpstreamErrorCode> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_SESSION_LOST',
  'UPSTREAM_REFUSED',
]);

export interface UpstreamErrorOptions extends ErrorOptions {
  readonly status?: number;
  readonly rpcCode?: number;
  readonly diagnosis?: string;
}

/** Callers may read `message`: it never holds what the server printed, its command, its environment or its credential. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: UpstreamErrorCode;
  /** HTTP status of the upstream, when it gave one. */
  readonly status: number | undefined;
  /** Code of the JSON-RPC error that the upstream gave, where that is not the answer itself. */
  readonly rpcCode: number | undefined;
  /** End of what the server printed before it failed to start. For operators: it may hold anything. */
  readonly diagnosis: string;

  constructor(code: UpstreamErrorCode, message: string, options: UpstreamErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = options.status;
    this.rpcCode = options.rpcCode;
    this.diagnosis = options.diagnosis ?? '';
  }

  /** True when the upstream may have acted on the call, so that it must not be sent again. */
  get mayHaveRun(): boolean {
    return !SURELY_NOT_RUN.has(this.code);
  }
}
