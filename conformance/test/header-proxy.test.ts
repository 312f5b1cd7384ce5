import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startHeaderProxy } from '../header-proxy.ts';

async function startTarget(
  handle: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe('startHeaderProxy()', () => {
  it('adds its headers and passes everything else as it came', async () => {
    await using target = await startTarget((incoming, response) => {
      void text(incoming).then((body) => {
        const { method, url, headers, rawHeaders } = incoming;
        response.writeHead(418, 'Teapot', { 'x-answer': 'yes' });
        response.end(JSON.stringify({ method, url, headers, rawHeaders, body }));
      });
    });
    await using proxy = await startHeaderProxy({ authorization: 'Bearer secret' });
    proxy.forwardTo(target.origin);
    const outgoing = request(`${proxy.origin}/mcp?a=1`, {
      method: 'POST',
      headers: { Host: 'evil.example.com', Origin: 'http://evil.example.com', 'MCP-Method': 'tools/list' },
    });
    outgoing.end('{"x":1}');
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect([answer.statusCode, answer.statusMessage, answer.headers['x-answer']]).toEqual([
      418,
      'Teapot',
      'yes',
    ]);
    const seen = JSON.parse(await text(answer));
    expect(seen).toMatchObject({ method: 'POST', url: '/mcp?a=1', body: '{"x":1}' });
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer secret',
      host: 'evil.example.com',
      origin: 'http://evil.example.com',
    });
    expect(seen.rawHeaders).toContain('MCP-Method');
  });

  it('passes a stream on while it is being written', async () => {
    const { promise: streaming, resolve } = Promise.withResolvers<ServerResponse>();
    await using target = await startTarget((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      resolve(response);
    });
    await using proxy = await startHeaderProxy({});
    proxy.forwardTo(target.origin);
    const answer = await fetch(proxy.origin);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('data: 1\n\n');
    (await streaming).end('data: 2\n\n');
    expect((await reader.read()).value).toBe('data: 2\n\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('passes the headers of a stream on before anything is written', async () => {
    await using target = await startTarget((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    await using proxy = await startHeaderProxy({});
    proxy.forwardTo(target.origin);
    expect((await fetch(proxy.origin)).status).toBe(200);
  });

  it('goes away from the target when the client does', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    await using target = await startTarget((_incoming, response) => {
      response.writeHead(200).write('begun');
      response.on('close', resolve);
    });
    await using proxy = await startHeaderProxy({});
    proxy.forwardTo(target.origin);
    const leaving = new AbortController();
    const answer = await fetch(proxy.origin, { signal: leaving.signal });
    expect(answer.status).toBe(200);
    leaving.abort();
    await left;
  });

  it('breaks the stream of the client when the target breaks its own', async () => {
    await using target = await startTarget((_incoming, response) => {
      response.writeHead(200).write('begun', () => response.destroy());
    });
    await using proxy = await startHeaderProxy({});
    proxy.forwardTo(target.origin);
    const answer = await fetch(proxy.origin);
    await expect(answer.text()).rejects.toThrow(TypeError);
  });

  it('answers 502 without a target, and when the target does not listen', async () => {
    await using proxy = await startHeaderProxy({});
    expect((await fetch(proxy.origin)).status).toBe(502);
    const gone = await startTarget(() => undefined);
    await gone[Symbol.asyncDispose]();
    proxy.forwardTo(gone.origin);
    expect((await fetch(proxy.origin)).status).toBe(502);
  });
});
