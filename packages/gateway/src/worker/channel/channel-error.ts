/**
 * - `CHANNEL_CLOSED` the other process is gone, or this end was closed
 * - `CHANNEL_FULL` the other process does not read what it is sent
 * - `CHANNEL_BROKEN` the other process said something that it cannot have meant
 * - `CHANNEL_TIMEOUT` the other process did not answer in time
 * - `CHANNEL_REFUSED` the other process answered with an error
 */
export type ChannelErrorCode =
  | 'CHANNEL_CLOSED'
  | 'CHANNEL_FULL'
  | 'CHANNEL_BROKEN'
  | 'CHANNEL_TIMEOUT'
  | 'CHANNEL_REFUSED';

/** What kept two processes of one gateway from speaking to each other. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;
  /** With `CHANNEL_REFUSED`: the code of the error on the other side. */
  readonly remoteCode: string | undefined;

  constructor(code: ChannelErrorCode, message: string, options?: ErrorOptions & { remoteCode?: string }) {
    super(message, options);
    this.code = code;
    this.remoteCode = options?.remoteCode;
  }
}
