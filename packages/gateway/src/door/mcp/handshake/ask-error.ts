/**
 * - `ASK_UNSUPPORTED` the client did not declare that it can be asked this
 * - `ASK_TOO_MANY` it has too many questions open
 * - `ASK_UNREACHABLE` there is no stream on which it could be asked
 * - `ASK_REFUSED` it answered with an error
 * - `ASK_TIMEOUT` it did not answer in time
 * - `ASK_CANCELLED` nobody waits for the answer any more, or the session has ended
 */
export type AskErrorCode =
  | 'ASK_UNSUPPORTED'
  | 'ASK_TOO_MANY'
  | 'ASK_UNREACHABLE'
  | 'ASK_REFUSED'
  | 'ASK_TIMEOUT'
  | 'ASK_CANCELLED';

/** A question that a client did not answer. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly code: AskErrorCode;
  /** With `ASK_REFUSED`: the code of the client's error. */
  readonly rpcCode: number | undefined;

  constructor(code: AskErrorCode, message: string, rpcCode?: number) {
    super(message);
    this.code = code;
    this.rpcCode = rpcCode;
  }
}
