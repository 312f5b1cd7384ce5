import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../upstream-error.ts';
import { readEvents } from './event-stream.ts';
import { discard, isEventStream, type HttpAnswer } from './http-exchange.ts';

const MAX_FAILURES = 5;
const FIRST_PAUSE_MS = 250;
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 30_000;

export interface AnswerStreamOptions {
  readonly name: string;
  readonly maxBytes: number;
  readonly isPending: () => boolean;
  readonly signal: AbortSignal;
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
  const { name, maxBytes, isPending, signal } = options;
  let answer: HttpAnswer | undefined = first;
  let lastEventId = '';
  let wishedMs: number | undefined;
  let failures = 0;
  const reader = {
    onEvent: ({ id, data }: { readonly id?: string | undefined; readonly data: string }): void => {
      lastEventId = id ?? lastEventId;
      failures = 0;
      if (data !== '') {
        options.message(data);
      }
    },
    onRetry: (ms: number): void => {
      wishedMs = ms;
    },
  };
  for (;;) {
    if (answer !== undefined) {
      try {
        await readEvents(name, answer.body as AsyncIterable<Uint8Array>, maxBytes, reader);
      } catch (error) {
        if (error instanceof UpstreamError || lastEventId === '') {
          throw error;
        }
      }
    }
    if (lastEventId === '' || !isPending() || failures >= MAX_FAILURES) {
      return;
    }
    const pauseMs = Math.min(
      Math.max(wishedMs ?? FIRST_PAUSE_MS * 2 ** failures, MIN_PAUSE_MS),
      MAX_PAUSE_MS,
    );
    // Aborted: nobody waits for the answer any more, which the next line sees.
    await sleep(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    if (!isPending()) {
      return;
    }
    failures += 1;
    const resumed = await resume(options, lastEventId);
    if (resumed === 'refused') {
      return;
    }
    answer = resumed;
  }
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
  if (isEventStream(answer)) {
    return answer;
  }
  await discard(answer);
  return answer.status >= 500 ? undefined : 'refused';
}
