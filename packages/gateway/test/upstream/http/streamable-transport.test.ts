import { describe, expect, it, vi } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { JsonObject } from '@smcp/protocol';
import type { Link, RequestOptions } from '../../../src/upstream/link.ts';
import { ownRequest } from '../../../src/upstream/outgoing-request.ts';
import { createHttpPool } from '../../../src/upstream/http/http-exchange.ts';
import { StreamableTransport } from '../../../src/upstream/http/streamable-transport.ts';
import type { UpstreamError } from '../../../src/upstream/upstream-error.ts';
import { makeHandshake, type HandshakeStage } from '../../fixtures/handshake.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';
import {
  breakOff,
  mcpHandle,
  pour,
  resultOf,
  sendEvent,
  sendJson,
  sendStatus,
  startEvents,
  startHttpFixture,
  type Handle,
  type Received,
  type HttpFixture,
  type McpScript,
} from '../../fixtures/http-fixture.ts';
import { failure as upstreamFailure } from '../../fixtures/failure.ts';

const LIMITS: RequestOptions = { timeoutMs: 10_000, maxBytes: 100_000 };
const SECRET = { authorization: 'Bearer canary-credential' };

interface Stage {
  readonly fixture: HttpFixture;
  readonly link: Link;
  readonly shakeHands: HandshakeStage['shakeHands'];
  readonly notifications: { method: string; params: JsonObject }[];
  readonly call: (options?: Partial<RequestOptions>) => Promise<unknown>;
}

async function stage(
  onTestFinished: OnTestFinished,
  handle: Handle,
  headers: Readonly<Record<string, string>> = SECRET,
): Promise<Stage & { readonly pool: Dispatcher }> {
  const fixture = keep(onTestFinished, await startHttpFixture(handle));
  const pool = createHttpPool();
  keep(onTestFinished, {
    [Symbol.asyncDispose]: async () => {
      await pool.destroy();
    },
  });
  const notifications: Stage['notifications'] = [];
  const { link, shakeHands } = makeHandshake(
    new StreamableTransport({ name: 'web', url: fixture.url, headers, pool }),
    { name: 'web', notification: (method, params) => notifications.push({ method, params }) },
  );
  keep(onTestFinished, link);
  const call: Stage['call'] = async (options = {}) => {
    const { message } = await link.request(ownRequest('tools/call', { name: 'echo' }), {
      ...LIMITS,
      ...options,
    });
    return 'result' in message ? message.result['content'] : message.error;
  };
  return { fixture, link, shakeHands, notifications, call, pool };
}

async function open(
  onTestFinished: OnTestFinished,
  script: McpScript = {},
): Promise<Awaited<ReturnType<typeof stage>>> {
  const staged = await stage(onTestFinished, mcpHandle(script));
  await staged.shakeHands(LIMITS);
  return staged;
}

/** As `failure`, and sure that no planted secret is told. */
async function failure(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await upstreamFailure(promise);
  if (error.message.includes('canary')) throw new Error('The message gives a secret away');
  return error;
}

const isCall = ({ message }: Received): boolean => message?.method === 'tools/call';
const isGet = ({ method }: Received): boolean => method === 'GET';
const OK = [{ type: 'text', text: 'ok' }];

describe.concurrent('StreamableTransport', () => {
  it('sends each message with session, version and credential [S1-01] [S1-14] [S1-30]', async ({
    onTestFinished,
  }) => {
    const { fixture, call } = await open(onTestFinished, { session: (n) => `session-${n}` });
    expect(await call()).toEqual(OK);
    const [initialize, initialized] = fixture.received;
    expect(initialize?.headers).toMatchObject({
      ...SECRET,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    });
    expect(initialize?.headers).not.toHaveProperty('mcp-session-id');
    expect(initialize?.headers).not.toHaveProperty('mcp-protocol-version');
    expect(initialized?.message).toEqual({ jsonrpc: '2.0', method: 'notifications/initialized' });
    for (const { headers } of fixture.received.slice(1)) {
      expect(headers).toMatchObject({
        ...SECRET,
        'mcp-session-id': 'session-1',
        'mcp-protocol-version': '2025-11-25',
      });
    }
  });

  it('names the version that the server chose', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, { version: '2025-03-26' });
    await call();
    expect((await fixture.next(isCall)).headers['mcp-protocol-version']).toBe('2025-03-26');
  });

  it('asks for the stream of the server only after the handshake has ended', async ({ onTestFinished }) => {
    const { fixture } = await open(onTestFinished);
    await fixture.next(isGet);
    expect(fixture.received.map(({ method, message }) => message?.method ?? method)).toEqual([
      'initialize',
      'notifications/initialized',
      'GET',
    ]);
  });

  it('takes an answer of events, with what comes before it on the same stream [S1-50]', async ({
    onTestFinished,
  }) => {
    const { call, notifications } = await open(onTestFinished, {
      onRequest: ({ message }, response) => {
        startEvents(response);
        sendEvent(response, {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: message.id, progress: 1 },
        });
        sendEvent(response, {
          jsonrpc: '2.0',
          method: 'notifications/message',
          params: { level: 'info', data: 'mine' },
        });
        sendEvent(response, resultOf(message.id, 'ok'));
        response.end();
      },
    });
    const got: string[] = [];
    expect(await call({ onNotification: (method) => got.push(method) })).toEqual(OK);
    expect(got).toEqual(['notifications/progress', 'notifications/message']);
    expect(notifications).toEqual([]);
  });

  it('passes progress on while the answer is still being made: nothing is held back [S1-50]', async ({
    onTestFinished,
  }) => {
    let answer: (() => void) | undefined;
    const { call } = await open(onTestFinished, {
      onRequest: ({ message }, response) => {
        startEvents(response);
        sendEvent(response, {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: message.id, progress: 1 },
        });
        answer = () => {
          sendEvent(response, resultOf(message.id, 'ok'));
          response.end();
        };
      },
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    const reply = call({ onNotification: () => resolve() });
    await promise;
    answer?.();
    expect(await reply).toEqual(OK);
  });

  it('keeps the answers of parallel calls apart', async ({ onTestFinished }) => {
    const held: (() => void)[] = [];
    const { link } = await open(onTestFinished, {
      onRequest: ({ message }, response) => {
        held.push(() => sendJson(response, resultOf(message.id, message.params.name)));
        if (held.length === 3) for (const answer of held.toReversed()) answer();
      },
    });
    const replies = ['a', 'b', 'c'].map(
      async (name) => (await link.request(ownRequest('tools/call', { name }), LIMITS)).message,
    );
    expect(
      (await Promise.all(replies)).map((message) =>
        'result' in message ? message.result['content'] : undefined,
      ),
    ).toEqual([[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }], [{ type: 'text', text: 'c' }]]);
  });

  it('answers what the server asks on the stream of a call', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: async ({ message }, response) => {
        startEvents(response);
        sendEvent(response, { jsonrpc: '2.0', id: 's-1', method: 'ping' });
        sendEvent(response, { jsonrpc: '2.0', id: 's-2', method: 'sampling/createMessage', params: {} });
        await fixture.next((received) => received.message?.id === 's-2');
        sendEvent(response, resultOf(message.id, 'ok'));
        response.end();
      },
    });
    await call();
    const answers = fixture.received
      .map(({ message }) => message)
      .filter((message) => String(message?.id).startsWith('s-'));
    expect(answers).toContainEqual({ jsonrpc: '2.0', id: 's-1', result: {} });
    expect(answers).toContainEqual({
      jsonrpc: '2.0',
      id: 's-2',
      error: { code: -32601, message: 'Method sampling/createMessage is not supported by this client' },
    });
  });

  it('does not mind a server that answers a notification with a stream that never ends', async ({
    onTestFinished,
  }) => {
    const { link, shakeHands } = await stage(onTestFinished, (received, response) => {
      if (received.message?.method === 'notifications/initialized') {
        startEvents(response);
      } else {
        return mcpHandle()(received, response);
      }
    });
    await shakeHands({ ...LIMITS, timeoutMs: 5000 });
    expect(link.closed).toBe(false);
  });

  it('gives hundreds of sessions a stream each, and calls still go through', async ({ onTestFinished }) => {
    const handle = mcpHandle({ onGet: (_received, response) => void startEvents(response) });
    const fixture = keep(onTestFinished, await startHttpFixture(handle));
    const pool = createHttpPool();
    keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
    const streams = 260;
    const links = await Promise.all(
      Array.from({ length: streams }, async () => {
        const transport = new StreamableTransport({ name: 'web', url: fixture.url, headers: {}, pool });
        const { link, shakeHands } = makeHandshake(transport, { name: 'web' });
        keep(onTestFinished, link);
        await shakeHands(LIMITS);
        return link;
      }),
    );
    await vi.waitFor(() => expect(fixture.received.filter(isGet)).toHaveLength(streams), {
      timeout: 5000,
      interval: 5,
    });
    const call = ownRequest('tools/call', { name: 'echo' });
    const replies = await Promise.all(links.map(async (link) => await link.request(call, LIMITS)));
    expect(replies).toHaveLength(streams);
  });
});

describe.concurrent('StreamableTransport, given a bad answer', () => {
  it.for([
    ['307 to another origin', 307, 'UPSTREAM_REFUSED', false],
    ['301', 301, 'UPSTREAM_REFUSED', false],
    ['400', 400, 'UPSTREAM_REFUSED', false],
    ['401', 401, 'UPSTREAM_REFUSED', false],
    ['403', 403, 'UPSTREAM_REFUSED', false],
    ['404 where there is no session', 404, 'UPSTREAM_REFUSED', false],
    ['429', 429, 'UPSTREAM_REFUSED', false],
    ['500', 500, 'UPSTREAM_LOST', true],
    ['502', 502, 'UPSTREAM_LOST', true],
    ['504', 504, 'UPSTREAM_LOST', true],
  ] as const)(
    'tells from status %s whether the call may have run',
    async ([_what, status, code, mayHaveRun], { onTestFinished }) => {
      const { fixture, call } = await open(onTestFinished, {
        onRequest: (_received, response) => sendStatus(response, status, 'canary text'),
      });
      expect(await failure(call())).toMatchObject({ code, mayHaveRun, status });
      expect(fixture.count('tools/call')).toBe(1);
    },
  );

  it('follows no redirect and sends the credential nowhere else [A66] [S1-13]', async ({
    onTestFinished,
  }) => {
    const elsewhere = keep(onTestFinished, await startHttpFixture(mcpHandle()));
    const { call } = await open(onTestFinished, {
      onRequest: (_received, response) =>
        sendStatus(response, 308, '', { location: `${elsewhere.origin}/mcp` }),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_REFUSED', mayHaveRun: false });
    expect(elsewhere.received).toEqual([]);
  });

  it('follows no redirect of the handshake either [A66]', async ({ onTestFinished }) => {
    const elsewhere = keep(onTestFinished, await startHttpFixture(mcpHandle()));
    const { shakeHands } = await stage(onTestFinished, (_received, response) =>
      sendStatus(response, 307, '', { location: `${elsewhere.origin}/mcp` }),
    );
    expect(await failure(shakeHands(LIMITS))).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      mayHaveRun: false,
    });
    expect(elsewhere.received).toEqual([]);
  });

  it.for([404, 400])(
    'takes status %i with a session for a lost session',
    async (status, { onTestFinished }) => {
      const { call } = await open(onTestFinished, {
        session: () => 's',
        onRequest: (_received, response) => sendStatus(response, status, 'No valid session ID provided'),
      });
      expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_SESSION_LOST', mayHaveRun: false });
    },
  );

  it('does not take every 400 for a lost session', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, {
      session: () => 's',
      onRequest: (_received, response) => sendStatus(response, 400, 'Bad arguments'),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_REFUSED', mayHaveRun: false });
  });

  it('does not wait for the body of an error that never ends', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, {
      onRequest: (_received, response) => {
        response.writeHead(503);
        response.write('still thinking');
      },
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
  });

  const answer =
    (type: string, body: string): Handle =>
    (_received, response) =>
      void response.writeHead(200, { 'content-type': type }).end(body);
  it.for([
    ['a page', answer('text/html', '<h1>Login</h1>'), 'UPSTREAM_PROTOCOL'],
    ['no media type', answer('', ''), 'UPSTREAM_PROTOCOL'],
    ['broken JSON', answer('application/json', '{"jsonrpc":'), 'UPSTREAM_LOST'],
    ['an empty body', answer('application/json', ''), 'UPSTREAM_LOST'],
    [
      'the answer to another request',
      answer('application/json', '{"jsonrpc":"2.0","id":999,"result":{}}'),
      'UPSTREAM_LOST',
    ],
    ['a batch', answer('application/json', '[{"jsonrpc":"2.0","id":2,"result":{}}]'), 'UPSTREAM_LOST'],
    [
      'both result and error',
      answer('application/json', '{"jsonrpc":"2.0","id":2,"result":{},"error":{"code":1,"message":"x"}}'),
      'UPSTREAM_PROTOCOL',
    ],
    ['neither result nor error', answer('application/json', '{"jsonrpc":"2.0","id":2}'), 'UPSTREAM_PROTOCOL'],
    ['an empty stream', answer('text/event-stream', ''), 'UPSTREAM_LOST'],
    [
      'a stream with half an event',
      answer('text/event-stream', 'data: {"jsonrpc":"2.0","id":2,"result":{}}'),
      'UPSTREAM_LOST',
    ],
    [
      'nothing, but status 204',
      (_received: unknown, response: ServerResponse) => sendStatus(response, 204),
      'UPSTREAM_PROTOCOL',
    ],
  ] as const)('rejects %s: the call may have run', async ([_what, onRequest, code], { onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, { onRequest });
    expect(await failure(call())).toMatchObject({ code, mayHaveRun: true });
    expect(fixture.count('tools/call')).toBe(1);
  });

  it('reads media types in any case and with parameters [A73]', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, {
      onRequest: ({ message }, response) =>
        void response
          .writeHead(200, { 'content-type': 'Application/JSON; Charset=UTF-8' })
          .end(JSON.stringify(resultOf(message.id, 'ok'))),
    });
    expect(await call()).toEqual(OK);
  });

  it('stops reading a body over the limit and closes its connection [A78]', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        pour(response, 'x'.repeat(64 * 1024));
      },
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', mayHaveRun: true });
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it('stops reading an event over the limit and closes its connection [A78]', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, response) => {
        startEvents(response).write('data: ');
        pour(response, 'x'.repeat(64 * 1024));
      },
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', mayHaveRun: true });
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it.for(['', 'a b', 'é', 'x'.repeat(1025)])(
    'refuses a session that it could not send back: %j',
    async (session, { onTestFinished }) => {
      const { shakeHands } = await stage(onTestFinished, mcpHandle({ session: () => session }));
      expect(await failure(shakeHands(LIMITS))).toMatchObject({
        code: 'UPSTREAM_PROTOCOL',
        mayHaveRun: true,
      });
    },
  );

  it('tells a server that cannot be reached from one that broke off', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, response) => void response.destroy(),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    await fixture.kill();
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
  });

  it('sends nothing when a configured header cannot be sent', async ({ onTestFinished }) => {
    const { fixture, shakeHands } = await stage(onTestFinished, mcpHandle(), {
      authorization: 'canary\nsmuggled: yes',
    });
    expect(await failure(shakeHands(LIMITS))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      mayHaveRun: false,
    });
    expect(fixture.received).toEqual([]);
  });
});

describe.concurrent('StreamableTransport, a call given up', () => {
  it('is told to the server by its id, and its connection closes', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, { onRequest: () => undefined });
    const controller = new AbortController();
    const reply = failure(call({ signal: controller.signal }));
    const received = await fixture.next(isCall);
    controller.abort();
    expect((await reply).code).toBe('UPSTREAM_CANCELLED');
    const cancelled = await fixture.next(({ message }) => message?.method === 'notifications/cancelled');
    expect(cancelled.message.params.requestId).toBe(received.message.id);
    await received.closed;
  });

  it('closes the answer stream of a call that ran into its deadline', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, response) => void startEvents(response),
    });
    expect((await failure(call({ timeoutMs: 100 }))).code).toBe('UPSTREAM_TIMEOUT');
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it('closes an answer stream that the server leaves open after its answer', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: ({ message }, response) => sendEvent(startEvents(response), resultOf(message.id, 'ok')),
    });
    expect(await call()).toEqual(OK);
    await (
      await fixture.next(isCall)
    ).closed;
  });
});

describe.concurrent('StreamableTransport, an answer stream that ends too early', () => {
  const broken = (end: (response: ServerResponse) => void, onGet: Handle): McpScript => ({
    onRequest: (_received, response) => {
      startEvents(response);
      sendEvent(response, '', { id: 'event-1', retry: 50 });
      end(response);
    },
    onGet: (received, response) => {
      if (received.headers['last-event-id'] === undefined) {
        sendStatus(response, 405);
      } else {
        return onGet(received, response);
      }
    },
  });
  const giveAnswer: Handle = (_received, response) => {
    sendEvent(startEvents(response), resultOf(2, 'ok'), { id: 'event-2' });
    response.end();
  };
  const hasLastId = ({ headers }: Received): boolean => headers['last-event-id'] !== undefined;

  it.for<[string, (response: ServerResponse) => void]>([
    ['ended', (response: ServerResponse) => void response.end()],
    ['broke', breakOff],
  ])(
    'goes on where it stopped when it %s, and sends the call once',
    async ([_how, end], { onTestFinished }) => {
      const { fixture, call } = await open(onTestFinished, broken(end, giveAnswer));
      expect(await call()).toEqual(OK);
      const resumed = fixture.received.filter(hasLastId);
      expect(resumed.map(({ headers }) => headers['last-event-id'])).toEqual(['event-1']);
      expect(resumed[0]?.headers).toMatchObject(SECRET);
      expect(fixture.count('tools/call')).toBe(1);
    },
  );

  it('is asked for again as long as the server, each time with a newer event, puts it off', async ({
    onTestFinished,
  }) => {
    let polls = 0;
    const { fixture, call } = await open(
      onTestFinished,
      broken(
        (response) => response.end(),
        (received, response) => {
          polls += 1;
          if (polls <= 8) {
            sendEvent(startEvents(response), '', { id: `poll-${polls}` });
            response.end();
          } else {
            void giveAnswer(received, response);
          }
        },
      ),
    );
    expect(await call()).toEqual(OK);
    expect(fixture.received.filter(hasLastId).map(({ headers }) => headers['last-event-id'])).toEqual([
      'event-1',
      ...Array.from({ length: 8 }, (_, n) => `poll-${n + 1}`),
    ]);
  });

  it('survives a server that is gone for a moment', async ({ onTestFinished }) => {
    let refusals = 0;
    const { call } = await open(
      onTestFinished,
      broken(
        (response) => response.end(),
        (received, response) => {
          refusals += 1;
          if (refusals === 1) response.destroy();
          else if (refusals === 2) sendStatus(response, 503);
          else void giveAnswer(received, response);
        },
      ),
    );
    expect(await call()).toEqual(OK);
  });

  it('gives up after five attempts that brought nothing; the call may have run', async ({
    onTestFinished,
  }) => {
    const { fixture, call } = await open(
      onTestFinished,
      broken(
        (response) => response.end(),
        (_received, response) => void startEvents(response).end(),
      ),
    );
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect(fixture.received.filter(hasLastId)).toHaveLength(5);
    expect(fixture.count('tools/call')).toBe(1);
  });

  it('never says that the call did not run when the server cannot be reached any more', async ({
    onTestFinished,
  }) => {
    const { fixture, call } = await open(
      onTestFinished,
      broken(
        (response) => response.end(),
        () => undefined,
      ),
    );
    const reply = failure(call());
    await fixture.next(isCall);
    await fixture.kill();
    expect(await reply).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
  });

  it.for([400, 404, 405])(
    'gives up at once when the server refuses with status %i',
    async (status, { onTestFinished }) => {
      const { fixture, call } = await open(
        onTestFinished,
        broken(
          (response) => response.end(),
          (_received, response) => sendStatus(response, status),
        ),
      );
      expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
      expect(fixture.received.filter(hasLastId)).toHaveLength(1);
    },
  );

  it('is not resumed when the server gave no event ids', async ({ onTestFinished }) => {
    const { fixture, call } = await open(onTestFinished, {
      onRequest: (_received, response) => void startEvents(response).end(': nothing\n\n'),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect(fixture.received.filter(hasLastId)).toHaveLength(0);
  });

  it('is not resumed after the call was given up', async ({ onTestFinished }) => {
    const { fixture, call } = await open(
      onTestFinished,
      broken((response) => response.end(), giveAnswer),
    );
    const controller = new AbortController();
    const reply = failure(call({ signal: controller.signal }));
    const { closed } = await fixture.next(isCall);
    await closed;
    controller.abort();
    expect((await reply).code).toBe('UPSTREAM_CANCELLED');
    await fixture.next(({ message }) => message?.method === 'notifications/cancelled');
    expect(fixture.received.filter(hasLastId)).toHaveLength(0);
  });
});

describe.concurrent('StreamableTransport#listen()', () => {
  it('hears what the server says on its own', async ({ onTestFinished }) => {
    const { fixture, notifications } = await open(onTestFinished, {
      onGet: (_received, response) =>
        sendEvent(startEvents(response), { jsonrpc: '2.0', method: 'notifications/tools/list_changed' }),
    });
    await vi.waitFor(
      () => expect(notifications).toEqual([{ method: 'notifications/tools/list_changed', params: {} }]),
      { interval: 5 },
    );
    expect((await fixture.next(isGet)).headers).toMatchObject(SECRET);
  });

  it('opens the stream again where it stopped, after the pause that the server wished', async ({
    onTestFinished,
  }) => {
    let opened = 0;
    const { fixture, notifications } = await open(onTestFinished, {
      onGet: (_received, response) => {
        opened += 1;
        sendEvent(
          startEvents(response),
          { jsonrpc: '2.0', method: `notifications/n${opened}` },
          { id: `e${opened}`, retry: 50 },
        );
        if (opened < 3) response.socket?.end();
      },
    });
    await vi.waitFor(
      () =>
        expect(notifications.map(({ method }) => method)).toEqual([
          'notifications/n1',
          'notifications/n2',
          'notifications/n3',
        ]),
      { interval: 5, timeout: 3000 },
    );
    expect(fixture.received.filter(isGet).map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      'e1',
      'e2',
    ]);
  });

  it('begins anew when the server does not want to go on from there, and ends when it wants nothing at all', async ({
    onTestFinished,
  }) => {
    let opened = 0;
    const { fixture } = await open(onTestFinished, {
      onGet: (_received, response) => {
        opened += 1;
        if (opened === 1) {
          sendEvent(startEvents(response), '', { id: 'e1', retry: 50 });
          response.end();
        } else {
          sendStatus(response, 404);
        }
      },
    });
    await vi.waitFor(() => expect(fixture.received.filter(isGet)).toHaveLength(3), {
      interval: 5,
      timeout: 3000,
    });
    expect(fixture.received.filter(isGet).map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      'e1',
      undefined,
    ]);
  });

  it('does not ask again a server that has no such stream', async ({ onTestFinished }) => {
    const { fixture, link, call } = await open(onTestFinished);
    const { closed } = await fixture.next(isGet);
    await closed;
    await call();
    await link[Symbol.asyncDispose]();
    expect(fixture.received.filter(isGet)).toHaveLength(1);
  });

  it('ends the stream, and asks no more, when disposed', async ({ onTestFinished }) => {
    const { fixture, link } = await open(onTestFinished, {
      onGet: (_received, response) => void startEvents(response),
    });
    const { closed } = await fixture.next(isGet);
    await link[Symbol.asyncDispose]();
    await closed;
    expect(fixture.received.filter(isGet)).toHaveLength(1);
  });
});

describe.concurrent('StreamableTransport#dispose()', () => {
  it('ends the session once, with the credential', async ({ onTestFinished }) => {
    const { fixture, link } = await open(onTestFinished, { session: () => 'session-1' });
    await link[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
    const ends = fixture.received.filter(({ method }) => method === 'DELETE');
    expect(ends.map(({ headers }) => headers)).toMatchObject([{ ...SECRET, 'mcp-session-id': 'session-1' }]);
  });

  it('asks for no end of a session that there never was', async ({ onTestFinished }) => {
    const { fixture, link } = await open(onTestFinished);
    await link[Symbol.asyncDispose]();
    expect(fixture.received.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('does not wait for ever for a server that does not answer', async ({ onTestFinished }) => {
    const { link, shakeHands } = await stage(onTestFinished, (received, response) => {
      if (received.method !== 'DELETE') return mcpHandle({ session: () => 's' })(received, response);
    });
    await shakeHands(LIMITS);
    await link[Symbol.asyncDispose]();
    expect(link.closed).toBe(true);
  });

  it('closes every connection of calls in flight, answered or not', async ({ onTestFinished }) => {
    const { fixture, link, call } = await open(onTestFinished, {
      onRequest: ({ message }, response) => {
        startEvents(response);
        if (message.id === 2) sendEvent(response, resultOf(2, 'ok'));
      },
    });
    await call();
    const reply = failure(call());
    const waiting = await fixture.next(({ message }) => message?.id === 3);
    await link[Symbol.asyncDispose]();
    expect((await reply).code).toBe('UPSTREAM_LOST');
    await waiting.closed;
    await (
      await fixture.next(({ message }) => message?.id === 2)
    ).closed;
  });
});
