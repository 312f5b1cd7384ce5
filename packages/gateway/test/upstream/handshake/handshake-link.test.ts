import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RequestOptions } from '../../../src/upstream/link.ts';
import { ownRequest } from '../../../src/upstream/outgoing-request.ts';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/upstream/upstream-error.ts';
import { failure } from '../../fixtures/failure.ts';
import { FakeTransport } from '../../fixtures/fake-transport.ts';
import { CLIENT, makeHandshake, type HandshakeStage } from '../../fixtures/handshake.ts';

const LIMITS: RequestOptions = { timeoutMs: 5000, maxBytes: 10_000 };
const CALL = ownRequest('tools/call', { name: 'echo' });

interface Heard {
  readonly notifications: { method: string; params: object }[];
  readonly closes: UpstreamError[];
}

type Stage = HandshakeStage & { readonly transport: FakeTransport; readonly heard: Heard };

function make(transport = new FakeTransport()): Stage {
  const heard: Heard = { notifications: [], closes: [] };
  const stage = makeHandshake(transport, {
    notification: (method, params) => heard.notifications.push({ method, params }),
    close: (error) => heard.closes.push(error),
  });
  return { ...stage, transport, heard };
}

async function open(transport = new FakeTransport()): Promise<Stage> {
  const made = make(transport);
  await made.shakeHands(LIMITS);
  return made;
}

async function expectCode(promise: Promise<unknown>, code: UpstreamErrorCode): Promise<UpstreamError> {
  const error = await failure(promise);
  expect(error.code).toBe(code);
  return error;
}

/** Lets everything happen that needs no timer. */
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

describe('HandshakeLink#shakeHands()', () => {
  it('shakes hands, then lets the transport listen, in this order [S1-01]', async () => {
    const { transport, link } = await open();
    expect(transport.sent.map(({ message }) => message)).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT },
      },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ]);
    expect(transport.calls).toEqual(['open', 'ready 2025-11-25', 'listen']);
    expect(link.description).toEqual({
      era: 'handshake',
      protocolVersion: '2025-11-25',
      capabilities: {},
      serverInfo: { name: 'fake' },
      instructions: undefined,
    });
  });

  it.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'])(
    'accepts a server of revision %s',
    async (version) => {
      const { link } = await open(Object.assign(new FakeTransport(), { version }));
      expect(link.description.protocolVersion).toBe(version);
    },
  );

  it.each(['2099-01-01', '', 'DRAFT-2026'])('refuses a server of revision %j', async (version) => {
    const { link, shakeHands } = make(Object.assign(new FakeTransport(), { version }));
    await expectCode(shakeHands(LIMITS), 'UPSTREAM_UNAVAILABLE');
    expect(() => link.description).toThrow(UpstreamError);
  });

  it('reads wrongly shaped parts of the description as absent', async () => {
    const { transport, link, shakeHands } = make(
      Object.assign(new FakeTransport(), { answersInitialize: false }),
    );
    const opened = shakeHands(LIMITS);
    await settle();
    transport.say({
      id: 1,
      result: { protocolVersion: '2025-06-18', capabilities: [], serverInfo: 'x', instructions: 5 },
    });
    await opened;
    expect(link.description).toEqual({
      era: 'handshake',
      protocolVersion: '2025-06-18',
      capabilities: {},
      serverInfo: {},
      instructions: undefined,
    });
  });

  it('passes on why a server refuses the handshake, cut and in one line', async () => {
    const { transport, shakeHands } = make(Object.assign(new FakeTransport(), { answersInitialize: false }));
    const opened = expectCode(shakeHands(LIMITS), 'UPSTREAM_UNAVAILABLE');
    await settle();
    transport.say({ id: 1, error: { code: -32000, message: `no\nway${'!'.repeat(1000)}` } });
    const { message } = await opened;
    expect(message).toContain(String.raw`refused the handshake: no\nway!`);
    expect(message.length).toBeLessThan(400);
  });

  it('gives up after its time when the transport never opens', async () => {
    vi.useFakeTimers();
    const { shakeHands } = make(
      Object.assign(new FakeTransport(), { openResult: new Promise<void>(() => undefined) }),
    );
    const opened = expectCode(shakeHands(LIMITS), 'UPSTREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(LIMITS.timeoutMs);
    expect((await opened).message).toContain('5000 ms');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up after its time when `initialize` stays without an answer, and does not ask to cancel it', async () => {
    vi.useFakeTimers();
    const { transport, shakeHands } = make(Object.assign(new FakeTransport(), { answersInitialize: false }));
    const opened = expectCode(shakeHands(LIMITS), 'UPSTREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(LIMITS.timeoutMs);
    await opened;
    expect(transport.sent).toHaveLength(1);
  });

  it('gives up after its time when the transport does not get rid of `initialized`', async () => {
    vi.useFakeTimers();
    const transport = Object.assign(new FakeTransport(), { handOver: undefined });
    const { link, shakeHands } = make(transport);
    const opened = expectCode(shakeHands(LIMITS), 'UPSTREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(LIMITS.timeoutMs);
    await opened;
    await link[Symbol.asyncDispose]();
    expect(transport.last('notifications/initialized').context.isAborted).toBe(true);
    expect(transport.calls).not.toContain('listen');
  });

  it.each(['before', 'during'])('ends when its signal is aborted %s it', async (when) => {
    const controller = new AbortController();
    const { shakeHands } = make(Object.assign(new FakeTransport(), { answersInitialize: false }));
    if (when === 'before') controller.abort();
    const opened = failure(shakeHands({ ...LIMITS, signal: controller.signal }));
    await settle();
    controller.abort();
    expect((await opened).code).toBe('UPSTREAM_CANCELLED');
  });

  it('fails when the server ends during the handshake, and says so to nobody else', async () => {
    const { transport, link, heard, shakeHands } = make(
      Object.assign(new FakeTransport(), { answersInitialize: false }),
    );
    const opened = expectCode(shakeHands(LIMITS), 'UPSTREAM_LOST');
    await settle();
    transport.events.close(new UpstreamError('UPSTREAM_LOST', 'gone'));
    await opened;
    expect(link.closed).toBe(true);
    expect(heard.closes).toHaveLength(1);
  });
});

describe('HandshakeLink#request()', () => {
  it('gives the answer as it came, under ids of its own', async () => {
    const { transport, link } = await open();
    const first = link.request(CALL, LIMITS);
    const second = link.request(CALL, LIMITS);
    const text = '{"jsonrpc":"2.0", "id": 3,"result":{"big":12345678901234567890}}';
    transport.events.message(text);
    transport.say({ id: 2, error: { code: -32602, message: 'Unknown tool', data: { a: 1 } } });
    expect((await second).text).toBe(text);
    expect((await first).message).toEqual({
      jsonrpc: '2.0',
      id: 2,
      error: { code: -32602, message: 'Unknown tool', data: { a: 1 } },
    });
    expect(link.inFlight).toBe(0);
  });

  it('sends nothing, and leaves nothing behind, when the message cannot be encoded', async () => {
    vi.useFakeTimers();
    const { transport, link } = await open();
    const before = vi.getTimerCount();
    const broken = link.request(
      {
        method: 'tools/call',
        encode: () => {
          throw new TypeError('cannot');
        },
      },
      LIMITS,
    );
    await expect(broken).rejects.toThrow(TypeError);
    expect(link.inFlight).toBe(0);
    expect(vi.getTimerCount()).toBe(before);
    expect(transport.sent).toHaveLength(2);
  });

  it('settles once: a second answer is dropped [A80]', async () => {
    const { transport, link, heard } = await open();
    const reply = link.request(CALL, LIMITS);
    transport.say({ id: 2, result: { n: 1 } });
    transport.say({ id: 2, result: { n: 2 } });
    transport.say({ id: 2, error: { code: 1, message: 'late' } });
    expect((await reply).message).toMatchObject({ result: { n: 1 } });
    expect(heard).toEqual({ notifications: [], closes: [] });
  });

  it.each([
    ['of an unknown id', { id: 99, result: {} }],
    ['of a string id that looks like ours', { id: '2', result: {} }],
    ['without an id', { result: {} }],
    ['with the id null', { id: null, error: { code: -32700, message: 'Parse error' } }],
    ['of an earlier request', { id: 1, result: {} }],
  ])('drops an answer %s [A80]', async (_what, answer) => {
    const { transport, link } = await open();
    const reply = link.request(CALL, LIMITS);
    transport.say(answer);
    await settle();
    expect(link.inFlight).toBe(1);
    transport.say({ id: 2, result: {} });
    await reply;
  });

  it.each([
    ['neither result nor error', { id: 2 }],
    ['both result and error', { id: 2, result: {}, error: { code: 1, message: 'x' } }],
    ['a result that is no object', { id: 2, result: 'text' }],
    ['a result of null', { id: 2, result: null }],
    ['a list as result', { id: 2, result: [] }],
    ['an error without code', { id: 2, error: { message: 'x' } }],
    ['an error without message', { id: 2, error: { code: 1 } }],
    ['an error of text', { id: 2, error: 'x' }],
    ['another version of JSON-RPC', { id: 2, result: {}, jsonrpc: '1.0' }],
    ['a method as well', { id: 2, result: {}, method: 'ping' }],
  ])('rejects an answer with %s; the call may have run', async (_what, answer) => {
    const { transport, link } = await open();
    const reply = expectCode(link.request(CALL, LIMITS), 'UPSTREAM_PROTOCOL');
    transport.say(answer);
    const error = await reply;
    expect(error.mayHaveRun).toBe(true);
    expect(transport.last('tools/call').context.isAborted).toBe(true);
  });

  it('ignores text that is no JSON and waits on', async () => {
    const { transport, link } = await open();
    const reply = link.request(CALL, LIMITS);
    for (const text of ['', 'garbage', '{', '[{"id":2}]', 'null', '2']) transport.events.message(text);
    transport.say({ id: 2, result: {} });
    expect((await reply).message).toMatchObject({ id: 2 });
  });

  it('accepts an answer of exactly the limit, and rejects one character more', async () => {
    const { transport, link } = await open();
    const text = '{"jsonrpc":"2.0","id":2,"result":{}}';
    const exact = link.request(CALL, { ...LIMITS, maxBytes: text.length });
    transport.events.message(text);
    await exact;
    const over = expectCode(link.request(CALL, { ...LIMITS, maxBytes: text.length }), 'UPSTREAM_TOO_LARGE');
    transport.events.message('{"jsonrpc":"2.0","id":3,"result":{} }');
    expect((await over).mayHaveRun).toBe(true);
  });

  it('rejects the request whose answer the transport had to drop, and no other', async () => {
    const { transport, link } = await open();
    const over = expectCode(link.request(CALL, LIMITS), 'UPSTREAM_TOO_LARGE');
    const other = link.request(CALL, LIMITS);
    transport.events.tooLarge(2);
    transport.events.tooLarge(77);
    expect((await over).mayHaveRun).toBe(true);
    transport.say({ id: 3, result: {} });
    expect((await other).message).toMatchObject({ id: 3 });
  });

  it('rejects when the transport ends the exchange without an answer; the call may have run', async () => {
    const { transport, link } = await open();
    transport.handOver = undefined;
    const reply = expectCode(link.request(CALL, LIMITS), 'UPSTREAM_LOST');
    transport.last('tools/call').end('ended');
    expect((await reply).mayHaveRun).toBe(true);
  });

  it.each([
    [
      'keeps the error of the transport',
      new UpstreamError('UPSTREAM_REFUSED', 'HTTP status 403', { status: 403 }),
      'UPSTREAM_REFUSED',
      false,
    ],
    ['takes an unforeseen error for a call that may have run', new Error('socket'), 'UPSTREAM_LOST', true],
  ] as const)('%s', async (_what, thrown, code, mayHaveRun) => {
    const { transport, link } = await open();
    transport.handOver = undefined;
    const reply = expectCode(link.request(CALL, LIMITS), code);
    transport.last('tools/call').fail(thrown);
    expect((await reply).mayHaveRun).toBe(mayHaveRun);
    expect(link.inFlight).toBe(0);
  });

  it('is not disturbed by a transport that fails after the answer', async () => {
    const { transport, link } = await open();
    transport.handOver = undefined;
    const reply = link.request(CALL, LIMITS);
    transport.say({ id: 2, result: {} });
    await reply;
    transport.last('tools/call').fail(new Error('too late'));
    await settle();
    expect(link.closed).toBe(false);
  });

  it('ends an exchange that the server keeps open after its answer, half a second later', async () => {
    vi.useFakeTimers();
    const { transport, link } = await open();
    transport.handOver = undefined;
    const reply = link.request(CALL, LIMITS);
    transport.say({ id: 2, result: {} });
    await reply;
    const { context, end } = transport.last('tools/call');
    await vi.advanceTimersByTimeAsync(499);
    expect(context.isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(context.isAborted).toBe(true);
    end('ended');
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells the transport whether the answer is still awaited', async () => {
    const { transport, link } = await open();
    const reply = link.request(CALL, LIMITS);
    const { context } = transport.last('tools/call');
    expect(context).toMatchObject({ id: 2, maxBytes: 10_000 });
    expect(context.isPending).toBe(true);
    transport.say({ id: 2, result: {} });
    await reply;
    expect(context.isPending).toBe(false);
  });
});

describe('HandshakeLink#request() that is given up', () => {
  it('sends notifications/cancelled with its own id, and rejects at once [A80]', async () => {
    const { transport, link } = await open();
    const controller = new AbortController();
    const reply = expectCode(
      link.request(CALL, { ...LIMITS, signal: controller.signal }),
      'UPSTREAM_CANCELLED',
    );
    const other = link.request(CALL, LIMITS);
    controller.abort();
    expect((await reply).mayHaveRun).toBe(true);
    expect(transport.last('notifications/cancelled').message.params).toEqual({
      requestId: 2,
      reason: 'Cancelled by the caller',
    });
    expect(transport.sent.find(({ message }) => message.id === 2)?.context.isAborted).toBe(true);
    transport.say({ id: 2, result: { late: true } });
    transport.say({ id: 3, result: { mine: true } });
    expect((await other).message).toMatchObject({ result: { mine: true } });
  });

  it('sends nothing when it is cancelled before it began', async () => {
    const { transport, link } = await open();
    const error = await failure(link.request(CALL, { ...LIMITS, signal: AbortSignal.abort() }));
    expect(error.code).toBe('UPSTREAM_CANCELLED');
    expect(transport.sent).toHaveLength(2);
  });

  it('does nothing when it is cancelled after the answer, and no longer listens to the signal', async () => {
    const { transport, link } = await open();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const reply = link.request(CALL, { ...LIMITS, signal: controller.signal });
    transport.say({ id: 2, result: {} });
    await reply;
    expect(removed).toHaveBeenCalledTimes(1);
    controller.abort();
    expect(transport.sent).toHaveLength(3);
  });

  it('runs into its deadline: tells the server, names the time, drops what comes later', async () => {
    vi.useFakeTimers();
    const { transport, link } = await open();
    const reply = expectCode(link.request(CALL, { ...LIMITS, timeoutMs: 300 }), 'UPSTREAM_TIMEOUT');
    await vi.advanceTimersByTimeAsync(299);
    expect(link.inFlight).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reply).message).toContain('within 300 ms');
    expect(transport.last('notifications/cancelled').message.params.requestId).toBe(2);
    transport.say({ id: 2, result: {} });
    expect(link.inFlight).toBe(0);
    await link[Symbol.asyncDispose]();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not mind that the server cannot be told', async () => {
    const { transport, link } = await open();
    const controller = new AbortController();
    const reply = expectCode(
      link.request(CALL, { ...LIMITS, signal: controller.signal }),
      'UPSTREAM_CANCELLED',
    );
    transport.handOver = undefined;
    controller.abort();
    transport.last('notifications/cancelled').fail(new Error('gone'));
    await reply;
    await settle();
    expect(link.closed).toBe(false);
  });

  it('ends a notification that the transport does not get rid of within ten seconds', async () => {
    vi.useFakeTimers();
    const { transport, channel } = await open();
    transport.handOver = undefined;
    void channel.notify('notifications/cancelled', { requestId: 1 });
    const { context, end } = transport.last('notifications/cancelled');
    await vi.advanceTimersByTimeAsync(9999);
    expect(context.isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(context.isAborted).toBe(true);
    end('handed-over');
  });
});

describe('HandshakeLink, told of progress and log messages', () => {
  it('gives progress to the request of that token only [S1-50]', async () => {
    const { transport, link, heard } = await open();
    const got: [number, object][] = [];
    const calls = [2, 3].map(
      async (n) =>
        await link.request(CALL, {
          ...LIMITS,
          onNotification: (_method, params) => got.push([n, params]),
        }),
    );
    transport.say({ method: 'notifications/progress', params: { progressToken: 3, progress: 1 } });
    transport.say({ method: 'notifications/progress', params: { progressToken: 2, progress: 5 } });
    expect(got).toEqual([
      [3, { progressToken: 3, progress: 1 }],
      [2, { progressToken: 2, progress: 5 }],
    ]);
    for (const id of [2, 3]) transport.say({ id, result: {} });
    await Promise.all(calls);
    expect(heard.notifications).toEqual([]);
  });

  it.each([[99], ['2'], [null], [undefined], [{ a: 2 }]])(
    'drops progress of the foreign token %j',
    async (progressToken) => {
      const { transport, link, heard } = await open();
      const onNotification = vi.fn<() => void>();
      const reply = link.request(CALL, { ...LIMITS, onNotification });
      transport.say({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
      transport.say({ id: 2, result: {} });
      await reply;
      transport.say({ method: 'notifications/progress', params: { progressToken: 2, progress: 2 } });
      expect(onNotification).not.toHaveBeenCalled();
      expect(heard.notifications).toEqual([]);
    },
  );

  it('gives a log message on the stream of a request to that request [A52]', async () => {
    const { transport, link, heard } = await open();
    const mine = vi.fn<(method: string, params: object) => void>();
    const other = vi.fn<() => void>();
    const replies = [mine, other].map(
      async (onNotification) => await link.request(CALL, { ...LIMITS, onNotification }),
    );
    transport.say({ method: 'notifications/message', params: { level: 'info', data: 'secret of 2' } }, 2);
    expect(mine).toHaveBeenCalledExactlyOnceWith('notifications/message', {
      level: 'info',
      data: 'secret of 2',
    });
    expect(other).not.toHaveBeenCalled();
    expect(heard.notifications).toEqual([]);
    for (const id of [2, 3]) transport.say({ id, result: {} });
    await Promise.all(replies);
  });

  it('gives everything else to its owner', async () => {
    const { transport, heard } = await open();
    transport.say({ method: 'notifications/message', params: { level: 'info' } });
    transport.say({ method: 'notifications/tools/list_changed' });
    transport.say({ method: 'notifications/message', params: { level: 'debug' } }, 77);
    expect(heard.notifications).toEqual([
      { method: 'notifications/message', params: { level: 'info' } },
      { method: 'notifications/tools/list_changed', params: {} },
      { method: 'notifications/message', params: { level: 'debug' } },
    ]);
  });

  it.each([
    [
      'a cancellation of something we never left open',
      { method: 'notifications/cancelled', params: { requestId: 2 } },
    ],
    ['params that are no object', { method: 'notifications/message', params: [1] }],
    ['an empty method', { method: '' }],
    ['an endless method', { method: 'x'.repeat(129) }],
  ])('drops %s', async (_what, message) => {
    const { transport, link, heard } = await open();
    const reply = link.request(CALL, LIMITS);
    transport.say(message);
    expect(heard.notifications).toEqual([]);
    transport.say({ id: 2, result: {} });
    await reply;
  });
});

describe('HandshakeLink, asked by the server', () => {
  it('answers ping', async () => {
    const { transport } = await open();
    transport.say({ id: 'p-1', method: 'ping' });
    expect(transport.sent.at(-1)?.message).toEqual({ jsonrpc: '2.0', id: 'p-1', result: {} });
  });

  it.each(['sampling/createMessage', 'elicitation/create', 'roots/list', 'tools/call'])(
    'refuses %s, for it offered nothing',
    async (method) => {
      const { transport } = await open();
      transport.say({ id: 5, method, params: { messages: [] } });
      expect(transport.sent.at(-1)?.message).toEqual({
        jsonrpc: '2.0',
        id: 5,
        error: { code: -32601, message: `Method ${method} is not supported by this client` },
      });
    },
  );

  it('does not take a request with the id of ours for an answer', async () => {
    const { transport, link } = await open();
    const reply = link.request(CALL, LIMITS);
    transport.say({ id: 2, method: 'ping' });
    await settle();
    expect(link.inFlight).toBe(1);
    transport.say({ id: 2, result: {} });
    await reply;
  });

  it('leaves out answers beyond 32 at the same time, and resumes when those are gone', async () => {
    const { transport } = await open();
    transport.handOver = undefined;
    for (let n = 0; n < 100; n += 1) transport.say({ id: n, method: 'ping' });
    const answers = transport.sent.filter(({ message }) => message.method === undefined);
    expect(answers).toHaveLength(32);
    for (const { end } of answers) end('handed-over');
    await settle();
    transport.say({ id: 100, method: 'ping' });
    expect(transport.sent.at(-1)?.message.id).toBe(100);
  });

  it('does not mind that its answer cannot be sent', async () => {
    const { transport, link } = await open();
    transport.handOver = undefined;
    transport.say({ id: 1, method: 'ping' });
    transport.sent.at(-1)?.fail(new Error('gone'));
    await settle();
    expect(link.closed).toBe(false);
  });
});

describe('HandshakeLink, closed', () => {
  it('rejects everything in flight with what happened, once, and tells its owner once', async () => {
    vi.useFakeTimers();
    const { transport, link, heard } = await open();
    const error = new UpstreamError('UPSTREAM_LOST', 'Server "files" ended with signal SIGKILL');
    const replies = [1, 2, 3].map(async () => await failure(link.request(CALL, LIMITS)));
    transport.events.close(error);
    transport.events.close(new UpstreamError('UPSTREAM_LOST', 'again'));
    expect(await Promise.all(replies)).toEqual([error, error, error]);
    expect(heard.closes).toEqual([error]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses new requests and notifications, which surely did not run', async () => {
    const { transport, link, channel } = await open();
    transport.events.close(new UpstreamError('UPSTREAM_LOST', 'gone'));
    const error = await expectCode(link.request(CALL, LIMITS), 'UPSTREAM_UNAVAILABLE');
    expect(error.message).toBe('gone');
    expect(error.mayHaveRun).toBe(false);
    await expectCode(channel.notify('notifications/cancelled', {}), 'UPSTREAM_UNAVAILABLE');
    expect(transport.sent).toHaveLength(2);
  });

  it('dispose() aborts every exchange, answered or not, and is no end that the owner hears of', async () => {
    const { transport, link, channel, heard } = await open();
    transport.handOver = undefined;
    const answered = link.request(CALL, LIMITS);
    const open_ = expectCode(link.request(CALL, LIMITS), 'UPSTREAM_LOST');
    void channel.notify('notifications/cancelled', {});
    transport.say({ id: 2, result: {} });
    await answered;
    await link[Symbol.asyncDispose]();
    await open_;
    expect(transport.sent.slice(2).map(({ context }) => context.isAborted)).toEqual([true, true, true]);
    expect(transport.calls.at(-1)).toBe('dispose');
    expect(heard.closes).toEqual([]);
  });

  it('hears nothing of what comes afterwards', async () => {
    const { transport, link, heard } = await open();
    await link[Symbol.asyncDispose]();
    transport.say({ method: 'notifications/message', params: {} });
    transport.say({ id: 9, method: 'ping' });
    transport.events.close(new UpstreamError('UPSTREAM_LOST', 'late'));
    expect(heard).toEqual({ notifications: [], closes: [] });
    expect(transport.sent).toHaveLength(2);
  });
});
