import type { Exchange } from '../exchange.ts';
import { pause } from '../pause.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { StreamPosition } from './stream-position.ts';

const MAX_FAILURES = 5;
const FIRST_PAUSE_MS = 250;
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 30_000;

export interface AnswerStreamOptions {
  readonly exchange: Exchange;
  /** Asks for what came after this event. */
  readonly resume: (lastEventId: string) => Promise<HttpAnswer>;
  readonly message: (text: string) => void;
}

/**
 * Reads the answer stream of one request. A stream that ends or breaks before the answer has come is resumed where it stopped, if the server gave
 * its events ids: after the pause that the server wished, or 0.25, 0.5, 1 … s, until five attempts in a row have brought nothing. The call itself
 * is never sent again.
 *
 * Ends without an answer when the stream cannot be resumed; then the call may have run.
 *
 * @throws {UpstreamError} `UPSTREAM_TOO_LARGE`; anything else when a stream without event ids breaks.
 */
export async function readAnswerStream(first: HttpAnswer, options: AnswerStreamOptions): Promise<void> {
  const { exchange } = options;
  let answer: HttpAnswer | undefined = first;
  const position = new StreamPosition(options.message);
  for (;;) {
    if (answer !== undefined) {
      try {
        await answer.readEvents(exchange.maxBytes, position);
      } catch (error) {
        if (position.lastEventId === '' || !isBroken(error)) {
          throw error;
        }
      }
    }
    const { lastEventId, wishedMs, failures } = position;
    if (lastEventId === '' || !exchange.isPending || failures >= MAX_FAILURES) {
      return;
    }
    const pauseMs = Math.min(
      Math.max(wishedMs ?? FIRST_PAUSE_MS * 2 ** failures, MIN_PAUSE_MS),
      MAX_PAUSE_MS,
    );
    // Aborted: nobody waits for the answer any more, which the next line sees.
    await pause(pauseMs, exchange);
    if (!exchange.isPending) {
      return;
    }
    position.failures += 1;
    const resumed = await resume(options, lastEventId);
    if (resumed === 'refused') {
      return;
    }
    answer = resumed;
  }
}

function isBroken(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.code === 'UPSTREAM_LOST' || error.code === 'UPSTREAM_UNAVAILABLE')
  );
}

/** Undefined when it may work later. */
async function resume(
  options: AnswerStreamOptions,
  lastEventId: string,
): Promise<HttpAnswer | 'refused' | undefined> {
  let answer: HttpAnswer;
  try {
    answer = await options.resume(lastEventId);
  } catch {
    return undefined;
  }
  if (answer.isEventStream) {
    return answer;
  }
  await answer.discard();
  return answer.status >= 500 ? undefined : 'refused';
}
