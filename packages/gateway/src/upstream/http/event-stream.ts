import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { UpstreamError } from '../upstream-error.ts';

/**
 * Reads server-sent events until the stream ends. An event whose text grows over `maxBytes` before it is complete ends the reading with
 * `UPSTREAM_TOO_LARGE`, so memory stays bounded.
 */
export async function readEvents(
  name: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onEvent: (event: EventSourceMessage) => void,
): Promise<void> {
  let sinceEvent = 0;
  const parser = createParser({
    onEvent(event) {
      sinceEvent = 0;
      onEvent(event);
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

// Field names, ids, comments and line ends around the data of one event, and the part of the next one that came in the same chunk.
const EVENT_OVERHEAD_BYTES = 128 * 1024;
