import { describe, expect, it, vi } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { Link, RequestOptions } from '../../../src/upstream/link.ts';
import { ownRequest } from '../../../src/upstream/outgoing-request.ts';
import { createHttpPool } from '../../../src/upstream/http/http-exchange.ts';
import { SseTransport } from '../../../src/upstream/http/sse-transport.ts';
import type { UpstreamError } from '../../../src/upstream/upstream-error.ts';
import { makeHandshake, type HandshakeStage } from '../../fixtures/handshake.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';
import {
  pour,
  resultOf,
  sendEvent,
  sendStatus,
  startEvents,
  startHttpFixture,
  type Handle,
  type HttpFixture,
  type Received,
} from '../../fixtures/http-fixture.ts';
import { failure } from '../../fixtures/failure.ts';

const LIMITS: RequestOptions = { timeoutMs: 10_000, maxBytes: 100_000 };
const SECRET = { authorization: 'Bearer canary-credential' };

interface SseScript {
  /** What the first event names. Default: `/messages?session=1`. */
  readonly endpoint?: string;
  /** Answers a call over the stream. Default: the text `ok`. */
  readonly onRequest?: (received: Received, stream: ServerResponse, response: ServerResponse) => void;
}

/** An HTTP+SSE server as it should be, except for what the script says. */
function sseHandle(script: SseScript = {}): Handle {
  let stream: ServerResponse | undefined;
  return (received, response) => {
    const { method, message } = received;
    if (method === 'GET') {
      stream = startEvents(response);
      sendEvent(stream, script.endpoint ?? '/messages?session=1', { event: 'endpoint' });
    } else if (stream === undefined) {
      sendStatus(response, 404);
    } else if (message.method === 'initialize') {
      sendStatus(response, 202, 'Accepted');
      sendEvent(
        stream,
        {
          jsonrpc: '2.0',
          id: message.id,
          result: { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: {} },
        },
        { event: 'message' },
      );
    } else if (message.id === undefined || message.method === undefined) {
      sendStatus(response, 202);
    } else if (script.onRequest === undefined) {
      sendStatus(response, 202);
      sendEvent(stream, resultOf(message.id, 'ok'));
    } else {
      script.onRequest(received, stream, response);
    }
  };
}

interface Stage {
  readonly fixture: HttpFixture;
  readonly link: Link;
  readonly shakeHands: HandshakeStage['shakeHands'];
  readonly closed: Promise<UpstreamError>;
  readonly call: (options?: Partial<RequestOptions>) => Promise<unknown>;
}

async function stage(onTestFinished: OnTestFinished, handle: Handle): Promise<Stage> {
  const fixture = keep(onTestFinished, await startHttpFixture(handle));
  const pool = createHttpPool();
  keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
  const { promise: closed, resolve } = Promise.withResolvers<UpstreamError>();
  const transport = new SseTransport(
    { name: 'old', url: new URL('/sse', fixture.url), headers: SECRET, pool },
    100_000,
  );
  const { link, shakeHands } = makeHandshake(transport, { name: 'old', close: resolve });
  keep(onTestFinished, link);
  const call: Stage['call'] = async (options = {}) => {
    const { message } = await link.request(ownRequest('tools/call', { name: 'echo' }), {
      ...LIMITS,
      ...options,
    });
    return 'result' in message ? message.result['content'] : message.error;
  };
  return { fixture, link, shakeHands, closed, call };
}

async function open(onTestFinished: OnTestFinished, script: SseScript = {}): Promise<Stage> {
  const staged = await stage(onTestFinished, sseHandle(script));
  await staged.shakeHands(LIMITS);
  return staged;
}

const OK = [{ type: 'text', text: 'ok' }];
const isCall = ({ message }: Received): boolean => message?.method === 'tools/call';

describe.concurrent('SseTransport', () => {
  it('posts where the stream says, with the credential, and hears answers on the stream [S1-30] [S1-14]', async ({
    onTestFinished,
  }) => {
    const { fixture, call } = await open(onTestFinished);
    expect(await call()).toEqual(OK);
    expect(fixture.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /sse',
      ...Array.from({ length: 3 }, () => 'POST /messages?session=1'),
    ]);
    for (const { headers } of fixture.received) expect(headers).toMatchObject(SECRET);
    expect((await fixture.next(isCall)).headers['mcp-protocol-version']).toBe('2024-11-05');
  });

  it.for([
    ['relative to the address', 'messages', '/messages'],
    ['with a path from the root', '/a/b?c=d', '/a/b?c=d'],
    ['in full', 'ORIGIN/full', '/full'],
  ] as const)('accepts an endpoint %s', async ([_how, endpoint, path], { onTestFinished }) => {
    const fixture: HttpFixture = keep(onTestFinished, await startHttpFixture(() => undefined));
    fixture.handle = sseHandle({ endpoint: endpoint.replace('ORIGIN', fixture.origin) });
    const pool = createHttpPool();
    keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
    const transport = new SseTransport(
      { name: 'old', url: new URL('/sse', fixture.url), headers: {}, pool },
      100_000,
    );
    const { link, shakeHands } = makeHandshake(transport, { name: 'old' });
    keep(onTestFinished, link);
    await shakeHands(LIMITS);
    expect(fixture.received.at(-1)?.path).toBe(path);
  });

  it.for([
    'https://evil.example/messages',
    '//evil.example/messages',
    'http://127.0.0.1:1/messages',
    String.raw`\\evil.example\messages`,
    'http://user:password@HOST/messages',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://',
  ])(
    'refuses the endpoint %s: it is outside its own origin [A66] [A67]',
    async (endpoint, { onTestFinished }) => {
      const fixture: HttpFixture = keep(onTestFinished, await startHttpFixture(() => undefined));
      fixture.handle = sseHandle({ endpoint: endpoint.replace('HOST', fixture.url.host) });
      const pool = createHttpPool();
      keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
      const transport = new SseTransport(
        { name: 'old', url: new URL('/sse', fixture.url), headers: SECRET, pool },
        100_000,
      );
      const { link, shakeHands } = makeHandshake(transport, { name: 'old' });
      keep(onTestFinished, link);
      const error = await failure(shakeHands(LIMITS));
      expect(error).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        message: 'Server "old" names an endpoint outside its own origin',
      });
      expect(fixture.received.some(({ method }) => method === 'POST')).toBe(false);
    },
  );

  it('keeps to the endpoint that was named first', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: ({ message }, stream, response) => {
        sendStatus(response, 202);
        sendEvent(stream, 'https://evil.example/', { event: 'endpoint' });
        sendEvent(stream, '/other', { event: 'endpoint' });
        sendEvent(stream, resultOf(message.id, 'ok'));
      },
    });
    await call();
    await call();
    expect(fixture.received.at(-1)?.path).toBe('/messages?session=1');
  });

  it('leaves out events of other kinds', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, {
      onRequest: ({ message }, stream, response) => {
        sendStatus(response, 202);
        sendEvent(stream, resultOf(message.id, 'not this'), { event: 'other' });
        sendEvent(stream, resultOf(message.id, 'ok'), { event: 'message' });
      },
    });
    expect(await call()).toEqual(OK);
  });

  it('takes an answer that comes before the POST is answered, and lets go of that POST', async ({
    onTestFinished,
  }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: ({ message }, stream) => sendEvent(stream, resultOf(message.id, 'ok')),
    });
    expect(await call()).toEqual(OK);
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it.for([
    [307, 'UPSTREAM_REFUSED', false],
    [400, 'UPSTREAM_REFUSED', false],
    [404, 'UPSTREAM_REFUSED', false],
    [500, 'UPSTREAM_LOST', true],
    [503, 'UPSTREAM_LOST', true],
  ] as const)(
    'tells from status %i of the POST whether the call may have run',
    async ([status, code, mayHaveRun], { onTestFinished }) => {
      const { call } = await open(onTestFinished, {
        onRequest: (_received, _stream, response) =>
          sendStatus(response, status, '', { location: 'https://evil.example/' }),
      });
      expect(await failure(call())).toMatchObject({ code, mayHaveRun, status });
    },
  );

  it('cancels by the id that the server knows', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, _stream, response) => sendStatus(response, 202),
    });
    const controller = new AbortController();
    const reply = failure(call({ signal: controller.signal }));
    const { message } = await fixture.next(isCall);
    controller.abort();
    expect((await reply).code).toBe('UPSTREAM_CANCELLED');
    expect(
      (await fixture.next((received) => received.message?.method === 'notifications/cancelled')).message
        .params.requestId,
    ).toBe(message.id);
  });
});

describe.concurrent('SseTransport, when the stream', () => {
  it('ends, has lost every call in flight, which may have run', async ({ onTestFinished }) => {
    const { call, closed } = await open(onTestFinished, {
      onRequest: (_received, stream) => void stream.end(),
    });
    const errors = await Promise.all([failure(call()), failure(call())]);
    expect(errors.map(({ code }) => code)).toEqual(['UPSTREAM_LOST', 'UPSTREAM_LOST']);
    expect((await closed).message).toBe('Server "old" ended its event stream');
  });

  it('breaks, has lost every call in flight', async ({ onTestFinished }) => {
    const { fixture, call, closed } = await open(onTestFinished, {
      onRequest: (_received, stream) => void stream.destroy(),
    });
    expect((await failure(call())).code).toBe('UPSTREAM_LOST');
    expect((await closed).message).toBe('The event stream of server "old" broke');
    expect(fixture.count('tools/call')).toBe(1);
  });

  it('brings an event over the limit, has lost its calls: which of them that was is not known [A78]', async ({
    onTestFinished,
  }) => {
    const { fixture, call, closed } = await open(onTestFinished, {
      onRequest: (_received, stream) => {
        stream.write('data: ');
        pour(stream, 'x'.repeat(64 * 1024));
      },
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect((await closed).message).toBe('An event of server "old" is over 100000 bytes');
    await (
      await fixture.next(({ method }) => method === 'GET')
    ).closed;
  });
});

describe.concurrent('SseTransport#open()', () => {
  it.for([401, 404, 405, 500])('refuses status %i', async (status, { onTestFinished }) => {
    const { shakeHands } = await stage(onTestFinished, (_received, response) => sendStatus(response, status));
    expect(await failure(shakeHands(LIMITS))).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      status,
    });
  });

  it('follows no redirect [A66]', async ({ onTestFinished }) => {
    const elsewhere = keep(onTestFinished, await startHttpFixture(sseHandle()));
    const { shakeHands } = await stage(onTestFinished, (_received, response) =>
      sendStatus(response, 302, '', { location: `${elsewhere.origin}/sse` }),
    );
    expect((await failure(shakeHands(LIMITS))).code).toBe('UPSTREAM_REFUSED');
    expect(elsewhere.received).toEqual([]);
  });

  it('refuses a page that is no stream of events', async ({ onTestFinished }) => {
    const { shakeHands } = await stage(onTestFinished, (_received, response) =>
      sendStatus(response, 200, '<h1>Login</h1>', { 'content-type': 'text/html' }),
    );
    expect((await failure(shakeHands(LIMITS))).code).toBe('UPSTREAM_REFUSED');
  });

  it('fails when the stream ends before it has named an endpoint', async ({ onTestFinished }) => {
    const { shakeHands } = await stage(
      onTestFinished,
      (_received, response) => void startEvents(response).end(),
    );
    expect((await failure(shakeHands(LIMITS))).code).toBe('UPSTREAM_LOST');
  });

  it.for<[string, (response: ServerResponse) => void]>([
    ['names no endpoint', (response: ServerResponse) => void startEvents(response)],
    ['never answers', () => undefined],
  ])(
    'gives up after its time before a server that %s, and closes the connection',
    async ([_what, behave], { onTestFinished }) => {
      const { fixture, link, shakeHands } = await stage(onTestFinished, (_received, response) =>
        behave(response),
      );
      expect((await failure(shakeHands({ ...LIMITS, timeoutMs: 100 }))).code).toBe('UPSTREAM_TIMEOUT');
      await link[Symbol.asyncDispose]();
      await (
        await fixture.next(({ method }) => method === 'GET')
      ).closed;
    },
  );
});

describe.concurrent('SseTransport#dispose()', () => {
  it('closes the stream, and that is no end that anybody hears of', async ({ onTestFinished }) => {
    const { fixture, link, closed } = await open(onTestFinished);
    const onClose = vi.fn<() => void>();
    void closed.then(onClose);
    await link[Symbol.asyncDispose]();
    await (
      await fixture.next(({ method }) => method === 'GET')
    ).closed;
    expect(onClose).not.toHaveBeenCalled();
    expect((await failure(link.request(ownRequest('ping', {}), LIMITS))).code).toBe('UPSTREAM_UNAVAILABLE');
  });
});
