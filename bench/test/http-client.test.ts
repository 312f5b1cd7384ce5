import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LoadError } from '../load/bench-client.ts';
import { HttpClient } from '../load/http-client.ts';

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly id?: number; readonly method?: string };
}

/** A server that shakes hands and answers everything else with `answer`. */
async function serve(
  answer: (response: ServerResponse, received: Received) => void,
): Promise<AsyncDisposable & { readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { method, headers } = request;
      const entry = { method, headers, body: text === '' ? {} : (JSON.parse(text) as Received['body']) };
      received.push(entry);
      if (entry.body.method === 'initialize') {
        response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'abc' });
        response.end('{"id":0,"result":{"protocolVersion":"2025-06-18"}}');
      } else if (method === 'DELETE' || entry.body.id === undefined) {
        response.writeHead(method === 'DELETE' ? 405 : 202).end();
      } else {
        answer(response, entry);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function open(url: string): Promise<HttpClient> {
  return await HttpClient.open({ kind: 'http', url, headers: { authorization: 'Bearer k' } });
}

const PING = '{"jsonrpc":"2.0","id":5,"method":"ping"}';

describe('HttpClient', () => {
  it('sends session, agreed version and credential after the handshake, over one connection', async () => {
    await using server = await serve((response) => response.end('{"id":5}'));
    {
      await using client = await open(server.url);
      await client.request(5, PING);
    }
    expect(server.received.map(({ method, body }) => body.method ?? method)).toEqual([
      'initialize',
      'notifications/initialized',
      'ping',
      'DELETE',
    ]);
    for (const { headers } of server.received.slice(1)) {
      expect(headers).toMatchObject({
        authorization: 'Bearer k',
        'mcp-session-id': 'abc',
        'mcp-protocol-version': '2025-06-18',
      });
    }
    expect(server.received[0]?.headers).not.toHaveProperty('mcp-session-id');
  });

  it('gives the text of a JSON answer as it came', async () => {
    await using server = await serve((response) => response.end('{"id": 5}'));
    await using client = await open(server.url);
    expect(await client.request(5, PING)).toBe('{"id": 5}');
  });

  it('finds the answer in an event stream', async () => {
    await using server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"method":"notifications/message"}\n\n');
      response.end('data: {"id":5}\n\n');
    });
    await using client = await open(server.url);
    expect(await client.request(5, PING)).toBe('{"id":5}');
  });

  it('fails with the status of a refusal', async () => {
    await using server = await serve((response) => response.writeHead(429).end('slow down'));
    await using client = await open(server.url);
    const error = await client.request(5, PING).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(LoadError);
    expect(error).toMatchObject({ kind: 'HTTP 429' });
  });

  it('fails when the stream ends without the answer', async () => {
    await using server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"id":6}\n\n');
    });
    await using client = await open(server.url);
    await expect(client.request(5, PING)).rejects.toMatchObject({ kind: 'stream without the answer' });
  });

  it('fails when the connection breaks, and works again on the next call', async () => {
    let calls = 0;
    await using server = await serve((response) => {
      calls += 1;
      if (calls === 1) {
        response.destroy();
      } else {
        response.end('{"id":5}');
      }
    });
    await using client = await open(server.url);
    await expect(client.request(5, PING)).rejects.toBeInstanceOf(LoadError);
    expect(await client.request(5, PING)).toBe('{"id":5}');
  });

  it('open() fails when nobody listens', async () => {
    await expect(open('http://127.0.0.1:9/mcp')).rejects.toMatchObject({ kind: 'ECONNREFUSED' });
  });
});
