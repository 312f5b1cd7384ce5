import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, type TestContext } from 'vitest';
import { EventSink } from '../../../src/door/http/event-sink.ts';

/** A sink on one response of a real server, and what its client reads. */
async function openSink(
  onTestFinished: TestContext['onTestFinished'],
  keepAliveMs = 60_000,
): Promise<{ sink: EventSink; response: ServerResponse; client: IncomingMessage }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const asked = get({ port: (server.address() as AddressInfo).port });
  // Its connection may be cut by the test.
  asked.on('error', () => undefined);
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const sink = new EventSink(response, { 'x-more': 'yes' }, keepAliveMs);
  const [client] = (await once(asked, 'response')) as [IncomingMessage];
  client.on('error', () => undefined);
  return { sink, response, client };
}

async function read(client: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of client.setEncoding('utf8')) {
    text += String(chunk);
  }
  return text;
}

describe('EventSink', () => {
  it('writes headers at once, and each message as one event', async ({ onTestFinished }) => {
    const { sink, client } = await openSink(onTestFinished);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-more': 'yes',
    });
    expect(sink.send('{"a":1}')).toBe(true);
    expect(sink.send('{"b":"ä"}')).toBe(true);
    sink.end();
    expect(await read(client)).toBe('event: message\ndata: {"a":1}\n\nevent: message\ndata: {"b":"ä"}\n\n');
  });

  it.each(['{\n"a":\n1}', '{\r\n"a":\r\n1}', '{\r"a":\n\n\r1}'])('puts %j on one line', async (text) => {
    await new Promise<void>((resolve, reject) => {
      const server = createServer((_request, response) => {
        const sink = new EventSink(response, {}, 60_000);
        sink.send(text);
        sink.end();
      });
      server.listen(0, '127.0.0.1', () => {
        get({ port: (server.address() as AddressInfo).port }, (client) => {
          read(client)
            .then((body) => {
              expect(body).toBe('event: message\ndata: { "a": 1}\n\n');
            })
            .then(resolve, reject)
            .finally(() => server.close());
        });
      });
    });
  });

  it('says that nothing was sent once it has ended', async ({ onTestFinished }) => {
    const { sink, client } = await openSink(onTestFinished);
    sink.end();
    expect(sink.send('{}')).toBe(false);
    expect(await read(client)).toBe('');
  });

  it('says that nothing was sent once the client has gone', async ({ onTestFinished }) => {
    const { sink, client, response } = await openSink(onTestFinished);
    client.destroy();
    await once(response, 'close');
    expect(sink.send('{}')).toBe(false);
  });

  it('writes comments while it is silent, and stops with the client', async ({ onTestFinished }) => {
    const { client, response } = await openSink(onTestFinished, 5);
    const [chunk] = (await once(client.setEncoding('utf8'), 'data')) as [string];
    expect(chunk).toContain(': keep-alive\n\n');
    client.destroy();
    await once(response, 'close');
  });

  it('delivers one message that is larger than what may wait', async ({ onTestFinished }) => {
    const { sink, client } = await openSink(onTestFinished);
    const body = read(client);
    const text = JSON.stringify({ text: 'x'.repeat(12 * 1024 * 1024) });
    expect(sink.send(text)).toBe(true);
    sink.end();
    expect((await body).length).toBe(`event: message\ndata: ${text}\n\n`.length);
  });

  it('cuts the stream of a client that does not read, once 8 MiB wait', async ({ onTestFinished }) => {
    const { sink, response } = await openSink(onTestFinished);
    const text = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    let sent = 0;
    while (sent < 100 && sink.send(text)) {
      sent += 1;
    }
    expect(sent).toBeLessThan(20);
    expect(response.destroyed).toBe(true);
    expect(sink.send('{}')).toBe(false);
  });
});
