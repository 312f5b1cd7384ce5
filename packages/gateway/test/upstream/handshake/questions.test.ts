import { afterEach, describe, expect, it, vi } from 'vitest';
import type { InputRequest, JsonObject } from '@smcp/protocol';
import type { RequestOptions, UpstreamReply } from '../../../src/upstream/link.ts';
import { ownRequest, type ClientFacts } from '../../../src/upstream/outgoing-request.ts';
import type { MayAsk } from '../../../src/upstream/upstream-spec.ts';
import { failure } from '../../fixtures/failure.ts';
import { FakeTransport } from '../../fixtures/fake-transport.ts';
import { makeHandshake, type HandshakeStage } from '../../fixtures/handshake.ts';

const ALL: readonly MayAsk[] = ['elicitation', 'sampling', 'roots'];
const LIMITS: RequestOptions = { timeoutMs: 5000, maxBytes: 10_000 };
const FORM = { message: 'Your name?', requestedSchema: { type: 'object' } };

/** A client whose questions wait until the test answers them. */
interface Person {
  readonly facts: ClientFacts;
  readonly asked: { request: InputRequest; signal: AbortSignal }[];
  /** Answers the newest question. */
  answer(result: JsonObject): void;
  refuse(): void;
}

function person(asker: string): Person {
  const asked: Person['asked'] = [];
  let waiting: PromiseWithResolvers<JsonObject> | undefined;
  return {
    asked,
    facts: {
      asker,
      capabilities: { elicitation: { form: {} } },
      ask: async (request, signal) => {
        asked.push({ request, signal });
        waiting = Promise.withResolvers<JsonObject>();
        return await waiting.promise;
      },
    },
    answer: (result) => waiting?.resolve(result),
    refuse: () => waiting?.reject(new Error('canary: what the client said')),
  };
}

/** A client that cannot be asked anything. */
const mute = (asker: string): ClientFacts => ({ asker, capabilities: {} });

interface Stage extends HandshakeStage {
  readonly transport: FakeTransport;
  readonly warnings: string[];
  readonly heard: [string, JsonObject, string | undefined][];
  /** Begins a call on behalf of a client. */
  readonly call: (client?: ClientFacts, options?: Partial<RequestOptions>) => Promise<UpstreamReply>;
  /** The server asks. */
  readonly ask: (id: string | number, method?: string, relatedId?: number, params?: JsonObject) => void;
  /** What the server was answered. */
  readonly answers: () => JsonObject[];
}

async function open(mayAsk: readonly MayAsk[] = ALL): Promise<Stage> {
  const transport = new FakeTransport();
  const warnings: string[] = [];
  const heard: Stage['heard'] = [];
  const stage = makeHandshake(transport, {
    mayAsk,
    warning: (message) => warnings.push(message),
    notification: (method, params, asker) => heard.push([method, params, asker]),
  });
  await stage.shakeHands(LIMITS);
  return {
    ...stage,
    transport,
    warnings,
    heard,
    call: async (client, options = {}) =>
      await stage.link.request(ownRequest('tools/call', { name: 'ask' }), { ...LIMITS, client, ...options }),
    ask: (id, method = 'elicitation/create', relatedId, params = FORM) => {
      transport.say({ id, method, params }, relatedId);
    },
    answers: () => transport.sent.map(({ message }) => message).filter(({ method }) => method === undefined),
  };
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

describe('HandshakeLink#shakeHands()', () => {
  it.each<[readonly MayAsk[], JsonObject]>([
    [[], {}],
    [['elicitation'], { elicitation: { form: {}, url: {} } }],
    [['roots'], { roots: { listChanged: true } }],
    [ALL, { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } }],
  ])('declares of %j what the server may ask', async (mayAsk, capabilities) => {
    const { transport } = await open(mayAsk);
    expect(transport.last('initialize').message.params.capabilities).toEqual(capabilities);
  });
});

describe('Questions, of a server with a handshake', () => {
  it.each([
    ['elicitation/create', FORM, { action: 'accept', content: { name: 'Ann' } }],
    [
      'sampling/createMessage',
      { messages: [], maxTokens: 5 },
      { role: 'assistant', content: { type: 'text' } },
    ],
    ['roots/list', {}, { roots: [{ uri: 'file:///a' }] }],
  ])('are put to the client behind the call, and answered: %s', async (method, params, result) => {
    const { transport, call, ask, answers } = await open();
    const ann = person('ann');
    const reply = call(ann.facts);
    ask('q-1', method, undefined, params);
    expect(ann.asked.map(({ request }) => request)).toEqual([{ method, params }]);
    expect(answers()).toEqual([]);
    ann.answer(result);
    await settle();
    expect(answers()).toEqual([{ jsonrpc: '2.0', id: 'q-1', result }]);
    transport.say({ id: 2, result: {} });
    await reply;
  });

  it.each([
    [[], 'elicitation/create'],
    [['roots', 'sampling'], 'elicitation/create'],
    [['elicitation', 'roots'], 'sampling/createMessage'],
    [['elicitation', 'sampling'], 'roots/list'],
  ] as const)('are unknown methods where the server may ask only for %j: %s', async (mayAsk, method) => {
    const { call, ask, answers } = await open(mayAsk);
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    ask(5, method);
    expect(ann.asked).toEqual([]);
    expect(answers()).toEqual([
      {
        jsonrpc: '2.0',
        id: 5,
        error: { code: -32601, message: `Method ${method} is not supported by this client` },
      },
    ]);
  });

  it('go to the call on whose stream they came, whoever else calls [A52]', async () => {
    const { call, ask } = await open();
    const [ann, bob] = [person('ann'), person('bob')];
    for (const { facts } of [ann, bob]) void call(facts).catch(() => undefined);
    ask('q-1', 'elicitation/create', 2);
    ask('q-2', 'elicitation/create', 3);
    expect([ann.asked.length, bob.asked.length]).toEqual([1, 1]);
  });

  it('go to the newest call when all are of one client', async () => {
    const { call, ask, transport, answers } = await open();
    const [first, second] = [person('ann'), person('ann')];
    for (const { facts } of [first, second]) void call(facts).catch(() => undefined);
    void call(undefined).catch(() => undefined);
    ask('q-1');
    expect([first.asked.length, second.asked.length]).toEqual([0, 1]);
    transport.say({ id: 3, result: {} });
    ask('q-2');
    expect(first.asked).toHaveLength(1);
    await settle();
    expect(answers()).toHaveLength(1);
  });

  it.each([
    ['two who can be asked', [person('ann').facts, person('bob').facts]],
    ['one who can be asked and one who cannot', [person('ann').facts, mute('bob')]],
  ])('go to nobody when nobody can tell whose they are: %s [A52]', async (_who, clients) => {
    const { call, ask, answers, warnings } = await open();
    for (const facts of clients) void call(facts).catch(() => undefined);
    ask('q-1');
    ask('q-2');
    expect(answers().map(({ error }) => error)).toEqual(
      [1, 2].map(() => ({
        code: -32603,
        message: 'Cannot tell whose call this is for; set scope: session',
      })),
    );
    expect(warnings).toEqual([
      'Server "files" asked something while calls of several clients were under way; set scope: session',
    ]);
  });

  it('that nobody answers for half a minute give way when another client needs the server', async () => {
    const { call, ask, answers } = await open();
    const [ann, bob] = [person('ann'), person('bob')];
    const forgotten = call(ann.facts);
    ask('q-1');
    const waiting = call(bob.facts);
    void waiting.catch(() => undefined);
    ask('q-2');
    expect(ann.asked).toHaveLength(1);
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 30_000);
    try {
      ask('q-3');
    } finally {
      now.mockRestore();
    }
    await expect(forgotten).rejects.toMatchObject({ code: 'UPSTREAM_CANCELLED' });
    expect(bob.asked).toHaveLength(0);
    ask('q-4');
    expect(bob.asked).toHaveLength(1);
    expect(answers().filter(({ id }) => id === 'q-2' || id === 'q-3')).toHaveLength(2);
  });

  it.each([
    ['no call at all', []],
    ['a call whose client cannot be asked', [mute('ann')]],
    ['a request of the gateway itself', [undefined]],
  ])('are refused when nobody is there: %s', async (_who, clients) => {
    const { call, ask, answers, warnings } = await open();
    for (const facts of clients) void call(facts).catch(() => undefined);
    ask('q-1');
    expect(answers()).toMatchObject([
      { error: { code: -32603, message: 'There is no client that could be asked now' } },
    ]);
    expect(warnings).toEqual([]);
  });

  it('are refused when the call on whose stream they came cannot be asked, though another could', async () => {
    const { call, ask, answers } = await open();
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    void call(mute('bob')).catch(() => undefined);
    ask('q-1', 'elicitation/create', 3);
    expect(ann.asked).toEqual([]);
    expect(answers()).toHaveLength(1);
  });

  it('are answered with an error when the client does not answer, which tells nothing of why', async () => {
    const { call, ask, answers } = await open();
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    ask('q-1');
    ann.refuse();
    await settle();
    expect(answers()).toEqual([
      { jsonrpc: '2.0', id: 'q-1', error: { code: -32603, message: 'The client did not answer' } },
    ]);
  });

  it('are taken back, without an answer, when the server cancels them', async () => {
    const { call, ask, answers, transport } = await open();
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    ask('q-1');
    ask(7);
    transport.say({ method: 'notifications/cancelled', params: { requestId: 'q-1' } });
    transport.say({ method: 'notifications/cancelled', params: { requestId: '7' } });
    expect(ann.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await settle();
    expect(answers()).toEqual([]);
  });

  it.each(['is answered', 'is cancelled', 'is lost'])('are taken back when the call %s', async (how) => {
    const { call, ask, transport, link } = await open();
    const ann = person('ann');
    const controller = new AbortController();
    const reply = call(ann.facts, { signal: controller.signal }).catch(() => undefined);
    ask('q-1');
    if (how === 'is answered') transport.say({ id: 2, result: {} });
    else if (how === 'is cancelled') controller.abort();
    else await link[Symbol.asyncDispose]();
    await reply;
    expect(ann.asked[0]?.signal.aborted).toBe(true);
  });

  it('are refused under the id of one that is still open [A80]', async () => {
    const { call, ask, answers } = await open();
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    ask('q-1');
    ask('q-1');
    expect(ann.asked).toHaveLength(1);
    expect(answers()).toMatchObject([{ id: 'q-1', error: { code: -32603 } }]);
  });

  it('are at most four at a time', async () => {
    const { call, ask, answers } = await open();
    const ann = person('ann');
    void call(ann.facts).catch(() => undefined);
    for (let n = 1; n <= 5; n += 1) ask(n);
    expect(ann.asked).toHaveLength(4);
    expect(answers()).toMatchObject([{ id: 5, error: { code: -32603 } }]);
    ann.answer({});
    await settle();
    ask(6);
    expect(ann.asked).toHaveLength(5);
  });

  it('are at most sixteen of one call, and a new call has as many again', async () => {
    const { call, ask, answers, transport } = await open();
    const ann = person('ann');
    const reply = call(ann.facts);
    for (let n = 1; n <= 17; n += 1) {
      ask(n);
      ann.answer({});
      await settle();
    }
    expect(ann.asked).toHaveLength(16);
    expect(answers().at(-1)).toMatchObject({ id: 17, error: { code: -32603 } });
    transport.say({ id: 2, result: {} });
    await reply;
    void call(ann.facts).catch(() => undefined);
    ask(18);
    expect(ann.asked).toHaveLength(17);
  });
});

describe('The deadline of a call', () => {
  it('stands still while the client thinks, and goes on where it stopped', async () => {
    vi.useFakeTimers();
    const { call, ask } = await open();
    const ann = person('ann');
    const reply = failure(call(ann.facts, { timeoutMs: 1000 }));
    await vi.advanceTimersByTimeAsync(600);
    ask('q-1');
    await vi.advanceTimersByTimeAsync(60_000);
    ann.answer({});
    await vi.advanceTimersByTimeAsync(399);
    const settled = vi.fn<() => void>();
    void reply.then(settled);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60);
    expect((await reply).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('stands still until the last of several questions is answered', async () => {
    vi.useFakeTimers();
    const { call, ask, link, transport } = await open();
    const ann = person('ann');
    const reply = failure(call(ann.facts, { timeoutMs: 1000 }));
    ask('q-1');
    ask('q-2');
    transport.say({ method: 'notifications/cancelled', params: { requestId: 'q-1' } });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(link.inFlight).toBe(1);
    ann.answer({});
    await vi.advanceTimersByTimeAsync(1050);
    expect((await reply).code).toBe('UPSTREAM_TIMEOUT');
  });

  it.each([
    ['ten minutes', {}, 600_000],
    ['the time that the caller gives', { askTimeoutMs: 2000 }, 2000],
  ])('stands still for %s at most; then the server gets an error', async (_what, options, ms) => {
    vi.useFakeTimers();
    const { call, ask, answers } = await open();
    const ann = person('ann');
    const reply = failure(call(ann.facts, { timeoutMs: 1000, ...options }));
    ask('q-1');
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(answers()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ann.asked[0]?.signal.aborted).toBe(true);
    expect(answers()).toMatchObject([{ id: 'q-1', error: { code: -32603 } }]);
    await vi.advanceTimersByTimeAsync(1050);
    expect((await reply).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('does not hinder a cancellation', async () => {
    const { call, ask } = await open();
    const controller = new AbortController();
    const reply = failure(call(person('ann').facts, { signal: controller.signal }));
    ask('q-1');
    controller.abort();
    expect((await reply).code).toBe('UPSTREAM_CANCELLED');
  });
});

describe('The end of an elicitation on a page', () => {
  const complete = { method: 'notifications/elicitation/complete', params: { elicitationId: 'e-1' } };
  const page = { mode: 'url', url: 'https://example.com/', message: 'm', elicitationId: 'e-1' };

  it('is told to the call that is still waiting', async () => {
    const { call, ask, transport, heard } = await open();
    const ann = person('ann');
    const onNotification = vi.fn<(method: string, params: JsonObject) => void>();
    void call(ann.facts, { onNotification }).catch(() => undefined);
    ask('q-1', 'elicitation/create', undefined, page);
    transport.say(complete);
    expect(onNotification).toHaveBeenCalledExactlyOnceWith(complete.method, complete.params);
    expect(heard).toEqual([]);
  });

  it('is told to the client when its call has ended', async () => {
    const { call, ask, transport, heard } = await open();
    const ann = person('ann');
    const reply = call(ann.facts);
    ask('q-1', 'elicitation/create', undefined, page);
    transport.say({ id: 2, result: {} });
    await reply;
    transport.say(complete);
    expect(heard).toEqual([[complete.method, complete.params, 'ann']]);
  });

  it('is told to the client whose call was refused for want of it', async () => {
    const { call, transport, heard } = await open();
    const reply = call(mute('ann'));
    const data = { elicitations: [{ ...page }, null, { elicitationId: 5 }] };
    transport.say({ id: 2, error: { code: -32042, message: 'Visit a page first', data } });
    await reply;
    transport.say(complete);
    expect(heard).toEqual([[complete.method, complete.params, 'ann']]);
  });

  it.each([{ elicitationId: 'e-2' }, { elicitationId: 1 }, {}, { elicitationId: 'x'.repeat(257) }])(
    'is told to nobody when it is not known: %j [A52]',
    async (params) => {
      const { call, ask, transport, heard } = await open();
      const onNotification = vi.fn<() => void>();
      void call(person('ann').facts, { onNotification }).catch(() => undefined);
      ask('q-1', 'elicitation/create', undefined, page);
      ask('q-2', 'elicitation/create', undefined, { ...page, elicitationId: 'x'.repeat(257) });
      transport.say({ ...complete, params });
      expect(heard).toEqual([]);
      expect(onNotification).not.toHaveBeenCalled();
    },
  );

  it('of the 257th newest page is forgotten', async () => {
    const { call, transport, heard } = await open();
    for (let n = 0; n < 257; n += 1) {
      const reply = call(mute('ann'));
      const data = { elicitations: [{ elicitationId: `e-${n}` }] };
      transport.say({ id: n + 2, error: { code: -32042, message: 'm', data } });
      await reply;
    }
    for (const n of [0, 1]) transport.say({ ...complete, params: { elicitationId: `e-${n}` } });
    expect(heard.map(([, params]) => params['elicitationId'])).toEqual(['e-1']);
  });
});

describe('HandshakeLink#rootsChanged()', () => {
  const told = ({ transport }: Stage): number =>
    transport.sent.filter(({ message }) => message.method === 'notifications/roots/list_changed').length;

  it('tells a server that serves this client alone', async () => {
    const stage = await open();
    void stage.call(mute('ann')).catch(() => undefined);
    stage.link.rootsChanged('ann');
    expect(told(stage)).toBe(1);
  });

  it.each<[string, readonly MayAsk[], readonly string[]]>([
    ['that may not ask for them', ['elicitation'], ['ann']],
    ['that served another client as well', ALL, ['ann', 'bob']],
    ['that served another client only', ALL, ['bob']],
    ['that served nobody', ALL, []],
  ])('tells nothing to a server %s [A52]', async (_which, mayAsk, askers) => {
    const stage = await open(mayAsk);
    for (const asker of askers) void stage.call(mute(asker)).catch(() => undefined);
    stage.link.rootsChanged('ann');
    expect(told(stage)).toBe(0);
  });

  it('does not mind that the server is gone', async () => {
    const stage = await open();
    void stage.call(mute('ann')).catch(() => undefined);
    await stage.link[Symbol.asyncDispose]();
    stage.link.rootsChanged('ann');
    await settle();
    expect(told(stage)).toBe(0);
  });
});
