import { describe, expect, it, vi } from 'vitest';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@smcp/protocol';
import { createHttpPool } from '../../../src/upstream/http/http-exchange.ts';
import { ModernTransport } from '../../../src/upstream/http/modern-transport.ts';
import type { RequestOptions, UpstreamReply } from '../../../src/upstream/link.ts';
import type { ModernLink } from '../../../src/upstream/modern/modern-link.ts';
import type { OutgoingRequest } from '../../../src/upstream/outgoing-request.ts';
import { ownRequest } from '../../../src/upstream/outgoing-request.ts';
import { callOf } from '../../fixtures/call-of.ts';
import { failure } from '../../fixtures/failure.ts';
import {
  breakOff,
  pour,
  resultOf,
  sendEvent,
  sendJson,
  sendStatus,
  startEvents,
  startHttpFixture,
  type Handle,
  type HttpFixture,
  type Received,
} from '../../fixtures/http-fixture.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';
import { errorOf, modernHandle } from '../../fixtures/modern-handle.ts';
import { makeModern, META_CAPABILITIES, META_CLIENT, META_VERSION, VERSION } from '../../fixtures/modern.ts';

const LIMITS: RequestOptions = { timeoutMs: 10_000, maxBytes: 100_000 };
const SECRET = { authorization: 'Bearer canary-credential' };

interface Stage {
  readonly fixture: HttpFixture;
  readonly link: ModernLink;
  readonly heard: [string, JsonObject][];
  readonly send: (request?: OutgoingRequest, options?: Partial<RequestOptions>) => Promise<UpstreamReply>;
}

async function stage(
  onTestFinished: OnTestFinished,
  onRequest?: Handle,
  capabilities: JsonObject = {},
): Promise<Stage> {
  const handle = modernHandle(onRequest === undefined ? {} : { onRequest });
  const fixture = keep(onTestFinished, await startHttpFixture(handle));
  const pool = createHttpPool();
  keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
  const heard: Stage['heard'] = [];
  const transport = new ModernTransport({ name: 'web', url: fixture.url, headers: SECRET, pool }, VERSION);
  const link = keep(
    onTestFinished,
    await makeModern(transport, capabilities, {
      notification: (method, params) => heard.push([method, params]),
    }),
  );
  const send: Stage['send'] = async (request = callOf('echo'), options = {}) =>
    await link.request(request, { ...LIMITS, ...options });
  return { fixture, link, heard, send };
}

const isCall = ({ message }: Received): boolean => message?.method === 'tools/call';

describe.concurrent('ModernTransport', () => {
  it('says in headers and body what the request is, and carries the credential [S1-14]', async ({
    onTestFinished,
  }) => {
    const { fixture, send } = await stage(onTestFinished);
    await send();
    const { method, headers, message } = await fixture.next(isCall);
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      ...SECRET,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
    });
    expect(headers).not.toHaveProperty('mcp-session-id');
    expect(message.params._meta).toMatchObject({
      [META_VERSION]: VERSION,
      [META_CAPABILITIES]: {},
      [META_CLIENT]: { name: 'smcp', version: '1' },
    });
    expect(message.params._meta).not.toHaveProperty('io.modelcontextprotocol/logLevel');
  });

  it('passes on what the client behind the call can do and wants to hear', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished);
    const capabilities = { elicitation: { form: {} }, extensions: {} };
    await send(callOf('echo'), { client: { asker: 'a', capabilities, logLevel: 'warning' } });
    expect((await fixture.next(isCall)).message.params._meta).toMatchObject({
      [META_CAPABILITIES]: capabilities,
      'io.modelcontextprotocol/logLevel': 'warning',
    });
  });

  it('shakes no hands, opens no stream and ends no session', async ({ onTestFinished }) => {
    const { fixture, link, send } = await stage(onTestFinished, (received, response) => {
      sendJson(response, resultOf(received.message.id, 'ok'), { 'mcp-session-id': 'forced-upon-us' });
    });
    await send();
    await send();
    await link[Symbol.asyncDispose]();
    expect(fixture.received.map(({ message }) => message?.method)).toEqual(['tools/call', 'tools/call']);
    expect(fixture.received[1]?.headers).not.toHaveProperty('mcp-session-id');
  });

  it.for([
    ['file:///a b', 'file:///a b'],
    ['weather/é', '=?base64?d2VhdGhlci/DqQ==?='],
    [' a', '=?base64?IGE=?='],
    ['a\r\nx-forged: 1', '=?base64?YQ0KeC1mb3JnZWQ6IDE=?='],
  ] as const)('writes the name %j as %j [A79]', async ([name, value], { onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished);
    await send(ownRequest('resources/read', { uri: name }, name));
    const { headers } = await fixture.next(({ message }) => message?.method === 'resources/read');
    expect(headers['mcp-name']).toBe(value);
    expect(headers).not.toHaveProperty('x-forged');
  });

  it('sends no name with a method that has none, and headers of parameters when there are some', async ({
    onTestFinished,
  }) => {
    const { fixture, send } = await stage(onTestFinished);
    await send(ownRequest('tools/list', {}));
    expect(fixture.received[0]?.headers).not.toHaveProperty('mcp-name');
    await send(callOf('echo', {}, () => ({ 'Mcp-Param-Region': 'eu', 'Mcp-Param-Zone': '' })));
    expect((await fixture.next(isCall)).headers).toMatchObject({
      'mcp-param-region': 'eu',
      'mcp-param-zone': '',
    });
  });

  it('takes an answer of events, with progress and log messages before it, as they come [S1-50]', async ({
    onTestFinished,
  }) => {
    let answer: (() => void) | undefined;
    const { send, heard } = await stage(onTestFinished, ({ message }, response) => {
      startEvents(response);
      const notify = (method: string, params: object): void =>
        sendEvent(response, { jsonrpc: '2.0', method, params });
      notify('notifications/progress', { progressToken: message.id, progress: 1 });
      notify('notifications/message', { level: 'info', data: 'mine' });
      answer = () => {
        sendEvent(response, resultOf(message.id, 'ok'));
        response.end();
      };
    });
    const got: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const reply = send(callOf('echo'), {
      onNotification: (method) => {
        if (got.push(method) === 2) resolve();
      },
    });
    await promise;
    answer?.();
    expect((await reply).message).toMatchObject({ result: { content: [{ text: 'ok' }] } });
    expect(got).toEqual(['notifications/progress', 'notifications/message']);
    expect(heard).toEqual([]);
  });

  it('answers nothing that a server asks, for this era has no such requests', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished, ({ message }, response) => {
      startEvents(response);
      sendEvent(response, { jsonrpc: '2.0', id: 's-1', method: 'elicitation/create', params: {} });
      sendEvent(response, resultOf(message.id, 'ok'));
      response.end();
    });
    await send();
    await send();
    expect(fixture.received.every(isCall)).toBe(true);
  });

  it('gives `input_required` and unknown kinds of results as they are', async ({ onTestFinished }) => {
    const results = [
      { resultType: 'input_required', requestState: 's', inputRequests: { a: { method: 'roots/list' } } },
      { resultType: 'task', taskId: 't-1' },
      { resultType: 'of-another-world' },
    ];
    const { send } = await stage(onTestFinished, ({ message }, response) => {
      sendJson(response, { jsonrpc: '2.0', id: message.id, result: results[message.id - 1] });
    });
    for (const result of results) expect((await send()).message).toMatchObject({ result });
  });
});

describe.concurrent('ModernTransport, given an error', () => {
  it.for([
    [404, -32_601],
    [400, -32_020],
    [400, -32_021],
    [400, -32_602],
    [400, -32_600],
    [400, -32_700],
    [400, -32_603],
    [400, -32_099],
  ] as const)(
    'gives the error of status %i and code %i as the answer of the server',
    async ([status, code], { onTestFinished }) => {
      const { send } = await stage(onTestFinished, ({ message }, response) => {
        sendStatus(
          response,
          status,
          errorOf(message.id, code, 'No', { mismatch: { header: 'Mcp-Param-A' } }),
        );
      });
      const { text, message } = await send();
      const error = { code, message: 'No', data: { mismatch: { header: 'Mcp-Param-A' } } };
      expect(message).toEqual({ jsonrpc: '2.0', id: 1, error });
      expect(JSON.parse(text)).toEqual(message);
    },
  );

  it('takes an error without an id for the answer, under the id that was asked', async ({
    onTestFinished,
  }) => {
    const { send } = await stage(onTestFinished, (_received, response) =>
      sendStatus(response, 400, errorOf(null, -32_602, 'Bad envelope')),
    );
    expect((await send()).message).toMatchObject({ id: 1, error: { code: -32_602 } });
  });

  it.for([
    ['400 without a body', 400, '', 'UPSTREAM_SESSION_LOST'],
    ['400 with a page', 400, '<h1>Bad</h1>', 'UPSTREAM_SESSION_LOST'],
    ['400 with a code of older servers', 400, errorOf(null, -32_000, 'No session'), 'UPSTREAM_SESSION_LOST'],
    ['400 with the id of another', 400, errorOf('server-error', -32_600, 'Bad'), 'UPSTREAM_SESSION_LOST'],
    ['400 with a version of another', 400, errorOf(1, -32_022, 'Version'), 'UPSTREAM_SESSION_LOST'],
    ['404 without a body', 404, '', 'UPSTREAM_SESSION_LOST'],
    ['405', 405, '', 'UPSTREAM_SESSION_LOST'],
    ['415', 415, '', 'UPSTREAM_SESSION_LOST'],
    ['301', 301, '', 'UPSTREAM_REFUSED'],
    ['401 with an error', 401, errorOf(1, -32_602, 'canary'), 'UPSTREAM_REFUSED'],
    ['403', 403, '', 'UPSTREAM_REFUSED'],
    ['429', 429, '', 'UPSTREAM_REFUSED'],
  ] as const)(
    'takes status %s for a call that did not run',
    async ([_what, status, body, code], { onTestFinished }) => {
      const { fixture, send } = await stage(onTestFinished, (_received, response) =>
        sendStatus(response, status, body),
      );
      const error = await failure(send());
      expect(error).toMatchObject({ code, mayHaveRun: false });
      expect(error.message).not.toContain('canary');
      expect(fixture.received).toHaveLength(1);
    },
  );

  it.for([500, 502, 503, 504])(
    'takes status %i for a call that may have run, whatever the body',
    async (status, { onTestFinished }) => {
      const { send } = await stage(onTestFinished, ({ message }, response) =>
        sendStatus(response, status, errorOf(message.id, -32_603, 'Internal')),
      );
      expect(await failure(send())).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true, status });
    },
  );

  it('follows no redirect, so that headers go nowhere else [A66]', async ({ onTestFinished }) => {
    const elsewhere = keep(onTestFinished, await startHttpFixture(modernHandle()));
    const { send } = await stage(onTestFinished, (_received, response) =>
      sendStatus(response, 307, '', { location: `${elsewhere.origin}/mcp` }),
    );
    expect((await failure(send())).code).toBe('UPSTREAM_REFUSED');
    expect(elsewhere.received).toEqual([]);
  });

  it.for<[string, (response: ServerResponse) => void, string]>([
    [
      'a page',
      (response) => sendStatus(response, 200, '<p>', { 'content-type': 'text/html' }),
      'UPSTREAM_PROTOCOL',
    ],
    ['status 204', (response) => sendStatus(response, 204), 'UPSTREAM_PROTOCOL'],
    [
      'broken JSON',
      (response) => sendStatus(response, 200, '{"', { 'content-type': 'application/json' }),
      'UPSTREAM_LOST',
    ],
    ['the answer to another', (response) => sendJson(response, resultOf(99, 'x')), 'UPSTREAM_LOST'],
    ['an empty stream', (response) => void startEvents(response).end(), 'UPSTREAM_LOST'],
    ['a stream that breaks', (response) => breakOff(startEvents(response)), 'UPSTREAM_LOST'],
    ['a connection that breaks', (response) => void response.destroy(), 'UPSTREAM_LOST'],
  ])(
    'does not repeat a call after %s: it may have run',
    async ([_what, answer, code], { onTestFinished }) => {
      const { fixture, send } = await stage(onTestFinished, (_received, response) => answer(response));
      expect(await failure(send())).toMatchObject({ code, mayHaveRun: true });
      expect(fixture.received).toHaveLength(1);
    },
  );

  it('does not resume a stream that ends, though its events have ids', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished, (_received, response) => {
      sendEvent(startEvents(response), '', { id: 'e-1', retry: 1 });
      response.end();
    });
    expect((await failure(send())).code).toBe('UPSTREAM_LOST');
    expect(fixture.received).toHaveLength(1);
  });

  it.for<[string, Handle]>([
    [
      'a body',
      (_received, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        pour(response, 'x'.repeat(64 * 1024));
      },
    ],
    [
      'an event',
      (_received, response) => {
        startEvents(response).write('data: ');
        pour(response, 'x'.repeat(64 * 1024));
      },
    ],
  ])('stops reading %s over the limit [A78]', async ([_what, onRequest], { onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished, onRequest);
    expect(await failure(send())).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', mayHaveRun: true });
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it('tells a server that cannot be reached', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished);
    await fixture.kill();
    expect(await failure(send())).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
  });
});

describe.concurrent('ModernTransport, a call given up', () => {
  it.for<[string, (response: ServerResponse) => void]>([
    ['before the answer began', () => undefined],
    ['in the middle of its stream', (response) => void startEvents(response)],
  ])(
    'ends by closing its stream, and nothing else is said: %s',
    async ([_when, behave], { onTestFinished }) => {
      const { fixture, link, send } = await stage(onTestFinished, (_received, response) => behave(response));
      const controller = new AbortController();
      const reply = failure(send(callOf('hang'), { signal: controller.signal }));
      const { closed } = await fixture.next(isCall);
      controller.abort();
      expect(await reply).toMatchObject({ code: 'UPSTREAM_CANCELLED', mayHaveRun: true });
      await closed;
      expect(fixture.received).toHaveLength(1);
      expect(link.inFlight).toBe(0);
    },
  );

  it('ends in the same way when its time is over', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished, () => undefined);
    expect((await failure(send(callOf('hang'), { timeoutMs: 100 }))).code).toBe('UPSTREAM_TIMEOUT');
    await (
      await fixture.next(isCall)
    ).closed;
    expect(fixture.received).toHaveLength(1);
  });

  it('closes a stream that the server leaves open after its answer', async ({ onTestFinished }) => {
    const { fixture, send } = await stage(onTestFinished, ({ message }, response) =>
      sendEvent(startEvents(response), resultOf(message.id, 'ok')),
    );
    expect((await send()).message).toMatchObject({ id: 1 });
    await (
      await fixture.next(isCall)
    ).closed;
  });

  it('ends with the link', async ({ onTestFinished }) => {
    const { fixture, link, send } = await stage(onTestFinished, () => undefined);
    const reply = failure(send(callOf('hang')));
    const { closed } = await fixture.next(isCall);
    await link[Symbol.asyncDispose]();
    expect((await reply).code).toBe('UPSTREAM_LOST');
    await closed;
  });
});

describe.concurrent('ModernTransport, listening', () => {
  const CHANGES = { tools: { listChanged: true }, resources: { subscribe: true } };
  const isListen = ({ message }: Received): boolean => message?.method === 'subscriptions/listen';

  it('has a stream for it, ended by closing it', async ({ onTestFinished }) => {
    const { fixture, link } = await stage(onTestFinished, undefined, CHANGES);
    const first = await fixture.next(isListen);
    expect(first.headers).toMatchObject({ ...SECRET, 'mcp-method': 'subscriptions/listen' });
    expect(first.headers).not.toHaveProperty('mcp-name');
    await link.subscribe('file:///a');
    await first.closed;
    const listens = fixture.received.filter(isListen);
    expect(listens.map(({ message }) => message.params.notifications)).toEqual([
      { toolsListChanged: true },
      { toolsListChanged: true, resourceSubscriptions: ['file:///a'] },
    ]);
    await link[Symbol.asyncDispose]();
    await listens[1]?.closed;
    expect(fixture.received.every(isListen)).toBe(true);
  });

  it('is opened again after the server was away for a moment, and what changed is told', async ({
    onTestFinished,
  }) => {
    const { fixture, heard } = await stage(onTestFinished, undefined, CHANGES);
    await fixture.next(isListen);
    await fixture.kill();
    await fixture.revive();
    await vi.waitFor(() => expect(heard).toEqual([['notifications/tools/list_changed', {}]]), {
      timeout: 10_000,
      interval: 10,
    });
  });
});
