import { untilSignal } from '../exchange.ts';
import { pause } from '../pause.ts';
import type { HttpAnswer } from './http-answer.ts';

const MAX_EVENT_BYTES = 1024 * 1024;
const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 30_000] as const;
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 60_000;

export interface ListenOptions {
  readonly get: (lastEventId: string) => Promise<HttpAnswer>;
  readonly message: (text: string) => void;
}

/**
 * Keeps one stream open for what a server says on its own, until aborted or the server says that it has none. A stream that ends is opened again
 * where it stopped, after the pause that the server wished or ever longer ones. Never rejects.
 */
export async function listenForEvents(signal: AbortSignal, options: ListenOptions): Promise<void> {
  let failures = 0;
  let lastEventId = '';
  let wishedMs: number | undefined;
  const reader = {
    onEvent: ({ id, data }: { readonly id?: string | undefined; readonly data: string }): void => {
      lastEventId = id ?? lastEventId;
      failures = 0;
      if (data !== '') {
        options.message(data);
      }
    },
    onRetry: (ms: number): void => {
      wishedMs = Math.min(Math.max(ms, MIN_PAUSE_MS), MAX_PAUSE_MS);
    },
  };
  while (!signal.aborted) {
    try {
      const answer = await options.get(lastEventId);
      if (answer.isEventStream) {
        await answer.readEvents(MAX_EVENT_BYTES, reader);
      } else {
        await answer.discard();
        if (isFinal(answer.status) && lastEventId === '') {
          return;
        }
        // Perhaps it only refuses to go on from there.
        lastEventId = '';
      }
    } catch {
      // A broken stream is opened again below; calls notice a dead server by themselves.
    }
    const pauseMs = wishedMs ?? PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
    failures += 1;
    await pause(pauseMs ?? 0, untilSignal(signal));
  }
}

function isFinal(status: number): boolean {
  return status < 500 && status !== 429;
}
