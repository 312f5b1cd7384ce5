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

/**
 * Reads server-sent events until the stream ends. An event whose text grows over `maxBytes` before it is complete ends the reading with
 * `UPSTREAM_TOO_LARGE`, so memory stays bounded. A stream that breaks rejects with whatever broke it.
 */
export async function readEvents(
  name: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  reader: EventReader,
): Promise<void> {
  let sinceEvent = 0;
  const parser = createParser({
    onEvent(event) {
      sinceEvent = 0;
      reader.onEvent(event);
    },
    // Comments keep a silent stream alive, perhaps for months, and take no memory.
    onComment(comment) {
      sinceEvent = Math.max(0, sinceEvent - comment.length - 2);
    },
    onRetry(ms) {
      reader.onRetry?.(ms);
    },
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of body) {
    sinceEvent += chunk.length;
    parser.feed(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    if (sinceEvent > maxBytes + EVENT_OVERHEAD_BYTES) {
      throw new UpstreamError('UPSTREAM_TOO_LARGE', `An event of server "${name}" is over ${maxBytes} bytes`);
    }
  }
}
