import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { EventFeed } from '../../../src/upstream/http/event-stream.ts';

interface Read {
  readonly events: { id?: string | undefined; event?: string | undefined; data: string }[];
  readonly retries: number[];
}

function read(chunks: Iterable<string | Uint8Array>, maxBytes = 1000): Read {
  const found: Read = { events: [], retries: [] };
  const feed = new EventFeed('files', maxBytes, {
    onEvent: (event) => found.events.push(event),
    onRetry: (ms) => found.retries.push(ms),
  });
  for (const chunk of chunks) {
    feed.push(Buffer.from(chunk));
  }
  return found;
}

function* repeat(text: string, times: number): Generator<string> {
  for (let n = 0; n < times; n += 1) {
    yield text;
  }
}

describe('EventFeed', () => {
  it('gives events with their ids, kinds and wished pauses', () => {
    const { events, retries } = read([
      'id: 1\nevent: endpoint\ndata: /x\n\nretry: 250\ndata: a\ndata: b\n\n: comment\n\n',
    ]);
    expect(events).toMatchObject([{ id: '1', event: 'endpoint', data: '/x' }, { data: 'a\nb' }]);
    expect(retries).toEqual([250]);
  });

  it('leaves out an event that did not end', () => {
    expect(read(['data: a\n\ndata: b\n']).events.map(({ data }) => data)).toEqual(['a']);
  });

  it('does not depend on how the bytes are cut', () => {
    const data = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 7 }), (texts, size) => {
        const bytes = Buffer.from(texts.map((text) => `data: ${text}\n\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        );
        expect(read(chunks).events.map((event) => event.data)).toEqual(texts);
      }),
    );
  });

  it.each([
    ['one line without end', 'x'.repeat(64 * 1024), 'data: '],
    ['many lines of one event', 'data: xxxxxxxxxx\n'.repeat(1000), ''],
    ['many empty lines of one event', 'data:\n'.repeat(1000), ''],
    ['ids and kinds without data', 'id: 1\nevent: x\n'.repeat(1000), ''],
  ])('ends the reading at an endless event: %s [A78]', (_what, chunk, start) => {
    let taken = 0;
    const chunks = function* (): Generator<string> {
      yield start;
      for (;;) {
        taken += chunk.length;
        yield chunk;
      }
    };
    expect(() => read(chunks(), 100_000)).toThrow(
      expect.objectContaining({ name: 'UpstreamError', code: 'UPSTREAM_TOO_LARGE' }),
    );
    expect(taken).toBeLessThan(400_000);
  });

  it('takes any number of events and comments on one stream', () => {
    const { events } = read(repeat(`data: ${'x'.repeat(900)}\n\n`, 2000));
    expect(events).toHaveLength(2000);
    const kept = read([...repeat(`: ${'keep alive '.repeat(100)}\n`, 2000), 'data: end\n\n']);
    expect(kept.events).toHaveLength(1);
  });
});
