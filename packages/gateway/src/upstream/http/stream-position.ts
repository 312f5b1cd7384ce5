import type { EventReader } from './event-stream.ts';

type Event = Parameters<EventReader['onEvent']>[0];

/** Where the reading of a stream stands that may be taken up again: over several answers, one after the other. */
export class StreamPosition implements EventReader {
  /** Empty while no event had an id; then the stream cannot be taken up. */
  lastEventId = '';
  /** Attempts in a row that brought no event. */
  failures = 0;
  /** Pause that the server wishes before the next attempt, as it said. */
  wishedMs: number | undefined;
  readonly #message: (text: string) => void;

  constructor(message: (text: string) => void) {
    this.#message = message;
  }

  onEvent({ id, data }: Event): void {
    this.lastEventId = id ?? this.lastEventId;
    this.failures = 0;
    if (data !== '') {
      this.#message(data);
    }
  }

  onRetry(ms: number): void {
    this.wishedMs = ms;
  }
}
