import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a session id or the id of a call is handed to when another worker made it: the ways between the workers of one gateway. */
export interface HandOver {
  /**
   * Which other worker has in its memory what an id names; undefined when it is this one, or none of this gateway. Says nothing about whether it exists, or
   * who may use it: that is for the worker itself.
   *
   * @param id Of a session or a call, from whomever.
   */
  ownerOf(id: string): number | undefined;
  /** Whether a worker of this number is another one of this gateway. */
  isOther(worker: number): boolean;
  /**
   * Lets another worker answer a request, whole: it authenticates the caller itself. Bytes flow both ways as they come, and whoever goes away is noticed at the
   * other end. Resolves when the response has ended. Never rejects: when the other worker goes away, the request is answered with an error.
   *
   * @param body The body, when it has been read already.
   * @returns False when there is no such worker at the moment; then nobody has answered, and the body may be gone.
   */
  pass(request: IncomingMessage, response: ServerResponse, worker: number, body?: string): Promise<boolean>;
}
