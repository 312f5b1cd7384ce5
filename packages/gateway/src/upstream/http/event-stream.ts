import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { UpstreamError } from '../upstream-error.ts';

// Field names, ids and line ends around the data of one event, and the part of the next one that came in the same chunk.
const EVENT_OVERHEAD_BYTES = 128 * 1024;

export interface EventReader {
  onEvent(event: EventSourceMessage): void;
  /** The server wishes this pause before it is asked again. */
  onRetry?(ms: number): void;
}

/** Reads server-sent events from the chunks of one body. An event that did not end is left out. */
export class EventFeed {
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser: ReturnType<typeof createParser>;
  #sinceEvent = 0;

  /** @param maxBytes Bytes that the text of one event may have. */
  constructor(name: string, maxBytes: number, reader: EventReader) {
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#parser = createParser({
      onEvent: (event) => {
        this.#sinceEvent = 0;
        reader.onEvent(event);
      },
      // Comments keep a silent stream alive, perhaps for months, and take no memory.
      onComment: (comment) => {
        this.#sinceEvent = Math.max(0, this.#sinceEvent - comment.length - 2);
      },
      onRetry: (ms) => {
        reader.onRetry?.(ms);
      },
    });
  }

  /** @throws {UpstreamError} `UPSTREAM_TOO_LARGE` when an event grows over the limit before it is complete, so that memory stays bounded. */
  push(chunk: Buffer): void {
    this.#sinceEvent += chunk.length;
    this.#parser.feed(this.#decoder.write(chunk));
    if (this.#sinceEvent > this.#maxBytes + EVENT_OVERHEAD_BYTES) {
      throw new UpstreamError(
        'UPSTREAM_TOO_LARGE',
        `An event of server "${this.#name}" is over ${this.#maxBytes} bytes`,
      );
    }
  }
}
