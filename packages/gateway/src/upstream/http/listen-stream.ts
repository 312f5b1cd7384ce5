import { untilSignal } from '../exchange.ts';
import { pause } from '../pause.ts';
import type { HttpAnswer } from './http-answer.ts';
import { StreamPosition } from './stream-position.ts';

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
  const position = new StreamPosition(options.message);
  while (!signal.aborted) {
    try {
      const answer = await options.get(position.lastEventId);
      if (answer.isEventStream) {
        await answer.readEvents(MAX_EVENT_BYTES, position);
      } else {
        await answer.discard();
        if (isFinal(answer.status) && position.lastEventId === '') {
          return;
        }
        // Perhaps it only refuses to go on from there.
        position.lastEventId = '';
      }
    } catch {
      // A broken stream is opened again below; calls notice a dead server by themselves.
    }
    await pause(pauseAfter(position), untilSignal(signal));
  }
}

function pauseAfter(position: StreamPosition): number {
  const { wishedMs, failures } = position;
  position.failures += 1;
  return wishedMs === undefined
    ? (PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0)
    : Math.min(Math.max(wishedMs, MIN_PAUSE_MS), MAX_PAUSE_MS);
}

function isFinal(status: number): boolean {
  return status < 500 && status !== 429;
}
