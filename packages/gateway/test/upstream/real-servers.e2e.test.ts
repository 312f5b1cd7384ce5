import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import {
  paramHeaders,
  paramMarks,
  TASKS_EXTENSION,
  type Era,
  type InputRequest,
  type JsonObject,
  type ParamMark,
} from '@smcp/protocol';
import type { Logger } from '../../src/telemetry/telemetry.ts';
import {
  ownRequest,
  UpstreamPool,
  type ClientFacts,
  type RequestOptions,
  type Upstream,
  type UpstreamSpec,
} from '../../src/upstream/index.ts';
import { serverCommand, startHttpServer, type UpstreamTransport } from '../eras/harness/server-process.ts';
import { callOf } from '../fixtures/call-of.ts';
import { EVERYTHING, startEverything } from '../fixtures/everything-server.ts';
import { failure } from '../fixtures/failure.ts';
import { keep, type OnTestFinished } from '../fixtures/keep.ts';
import { MARKED_SCHEMA, startMarkedServer } from '../fixtures/marked-server.ts';

const LIMITS: RequestOptions = { timeoutMs: 20_000, maxBytes: 1024 * 1024 };
const QUIET: Logger['info'] = () => undefined;
const COMMON = {
  era: 'auto' as const,
  mayAsk: ['elicitation', 'sampling', 'roots'] as const,
  startTimeoutMs: 30_000,
  maxResultBytes: 1024 * 1024,
  idleMs: 60_000,
};

function create(onTestFinished: OnTestFinished, spec: UpstreamSpec): Upstream {
  const logger: Logger = { debug: QUIET, info: QUIET, warn: QUIET, error: QUIET };
  const clientInfo = { name: 'smcp', version: '1' };
  const pool = keep(onTestFinished, new UpstreamPool({ clientInfo, logger, now: () => performance.now() }));
  return pool.create({ key: 'k', spec, onNotification: () => undefined, onReady: () => undefined });
}

async function reach(
  onTestFinished: OnTestFinished,
  era: Era,
  transport: UpstreamTransport,
): Promise<Upstream> {
  if (transport === 'stdio') {
    const program = serverCommand(era, transport);
    return create(onTestFinished, {
      ...COMMON,
      ...program,
      kind: 'stdio',
      server: 'eras',
      env: {},
      cwd: tmpdir(),
    });
  }
  const { url } = keep(onTestFinished, await startHttpServer(era, transport));
  return create(onTestFinished, httpSpec(new URL(url)));
}

function httpSpec(url: URL): UpstreamSpec {
  return { ...COMMON, kind: 'http', server: 'eras', url, transport: 'auto', headers: {} };
}

async function result(
  upstream: Upstream,
  name: string,
  given: JsonObject = {},
  options: Partial<RequestOptions> = {},
): Promise<JsonObject> {
  const { message } = await upstream.request(callOf(name, given), { ...LIMITS, ...options });
  if ('error' in message) throw new Error(message.error.message);
  return message.result;
}

async function text(...args: Parameters<typeof result>): Promise<string> {
  return ((await result(...args))['content'] as unknown as [{ text: string }])[0].text;
}

/** A client that answers every kind of question. */
function person(asker: string, name: string): ClientFacts & { readonly asked: InputRequest[] } {
  const asked: InputRequest[] = [];
  const answers: Readonly<Record<InputRequest['method'], JsonObject>> = {
    'elicitation/create': { action: 'accept', content: { name } },
    'sampling/createMessage': { role: 'assistant', model: 'm', content: { type: 'text', text: name } },
    'roots/list': { roots: [{ uri: `file:///${name}` }] },
  };
  return {
    asker,
    asked,
    logLevel: 'info',
    capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
    ask: async (request) => {
      asked.push(request);
      return answers[request.method];
    },
  };
}

const WAYS: readonly (readonly [Era, UpstreamTransport])[] = [
  ['modern', 'http'],
  ['modern', 'stdio'],
  ['handshake', 'http'],
  ['handshake', 'stdio'],
  ['handshake', 'sse'],
];

describe.each(WAYS)('a server of the %s era over %s', (era, transport) => {
  it('is reached in its era, and does what it is asked', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, era, transport);
    expect(await upstream.describe()).toMatchObject({ era, serverInfo: { name: 'eras' } });
    expect(await text(upstream, 'echo', { text: 'línea\n💥' })).toBe('línea\n💥');
    expect(
      await Promise.all([1, 2, 3].map(async (n) => await text(upstream, 'add', { a: n, b: n }))),
    ).toEqual(['2', '4', '6']);
    const { text: answer } = await upstream.request(callOf('no-such-tool'), LIMITS);
    expect(answer).toMatch(/not found/);
  });

  it('tells progress and log messages to the call that they are of [S1-50]', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, era, transport);
    const heard: string[] = [];
    const onNotification = (method: string, params: JsonObject): void =>
      void heard.push(`${method} ${JSON.stringify(params['progress'])}`);
    const client = person('ann', 'Ann');
    await text(upstream, 'report_progress', {}, { onNotification, client });
    expect(heard).toEqual([1, 2, 3].map((n) => `notifications/progress ${n}`));
  });

  it('learns that a call is cancelled [A80]', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, era, transport);
    await upstream.describe();
    const controller = new AbortController();
    const waiting = failure(text(upstream, 'wait', { id: 'w' }, { signal: controller.signal }));
    await text(upstream, 'echo', { text: 'it has begun by now' });
    controller.abort();
    expect((await waiting).code).toBe('UPSTREAM_CANCELLED');
    await vi.waitFor(async () => expect(await text(upstream, 'was_cancelled', { id: 'w' })).toBe('true'), {
      timeout: 10_000,
    });
  });

  it('tells of changed lists and of a resource that is followed', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, era, transport);
    const heard: string[] = [];
    const listener = { principal: 'ann', notification: (method: string) => void heard.push(method) };
    upstream.attach(listener);
    await upstream.subscribe(listener, 'era://counter');
    for (const what of ['tools', 'prompts', 'resources']) await text(upstream, 'change', { what });
    await text(upstream, 'touch');
    await vi.waitFor(
      () =>
        expect(heard.toSorted()).toEqual([
          'notifications/prompts/list_changed',
          'notifications/resources/list_changed',
          'notifications/resources/updated',
          'notifications/tools/list_changed',
        ]),
      { timeout: 10_000, interval: 20 },
    );
  });
});

describe.each(['http', 'stdio', 'sse'] as const)('a server with a handshake over %s', (transport) => {
  it.each([
    ['ask_name', 'elicitation/create', 'Ann'],
    ['ask_model', 'sampling/createMessage', 'Ann'],
    ['ask_roots', 'roots/list', 'file:///Ann'],
  ] as const)('asks the client behind the call: %s', async (tool, method, answer) => {
    const finished: (() => Promise<void>)[] = [];
    try {
      const upstream = await reach(
        (end) => void finished.push(end as () => Promise<void>),
        'handshake',
        transport,
      );
      const ann = person('ann', 'Ann');
      expect(await text(upstream, tool, {}, { client: ann })).toBe(answer);
      expect(ann.asked.map((asked) => asked.method)).toEqual([method]);
    } finally {
      for (const end of finished.toReversed()) await end();
    }
  });

  it('gets an error when the client cannot be asked, and goes on', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, 'handshake', transport);
    const client = { asker: 'ann', capabilities: {} };
    expect(await result(upstream, 'ask_name', {}, { client })).toMatchObject({ isError: true });
    expect(await text(upstream, 'echo', { text: 'alive' }, { client })).toBe('alive');
  });
});

describe('several clients that call at once', () => {
  const names = ['Ann', 'Bob', 'Eve'];
  const all = async (upstream: Upstream, tool: string): Promise<string[]> =>
    await Promise.all(
      names.map(async (name) =>
        JSON.stringify(await result(upstream, tool, {}, { client: person(name, name) })),
      ),
    );

  it('are each asked for their own call when questions come on the stream of the call [A52]', async ({
    onTestFinished,
  }) => {
    const server = keep(onTestFinished, await startEverything('streamableHttp'));
    const answers = await all(create(onTestFinished, httpSpec(server.url)), 'trigger-elicitation-request');
    expect(answers).toEqual(names.map((name) => expect.stringContaining(`Name: ${name}`)));
  });

  it('are not asked at all when nobody can tell whose call a question is for [A52]', async ({
    onTestFinished,
  }) => {
    const upstream = await reach(onTestFinished, 'handshake', 'stdio');
    expect(await all(upstream, 'ask_name')).toEqual(
      names.map(() => expect.stringContaining('Cannot tell whose call this is for')),
    );
  });
});

describe.each(['http', 'stdio'] as const)('a modern server over %s', (transport) => {
  it('says what it needs in its result, and takes the answers with the same call', async ({
    onTestFinished,
  }) => {
    const upstream = await reach(onTestFinished, 'modern', transport);
    const client = person('ann', 'Ann');
    const needs = await result(upstream, 'ask_name', {}, { client });
    expect(needs).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create' } },
    });
    const params = {
      name: 'ask_name',
      arguments: {},
      inputResponses: { name: { action: 'accept', content: { name: 'Ann' } } },
    };
    const { message } = await upstream.request(ownRequest('tools/call', params, 'ask_name'), {
      ...LIMITS,
      client,
    });
    expect(message).toMatchObject({ result: { content: [{ text: 'Ann' }] } });
    expect(client.asked).toEqual([]);
  });

  it('answers with a task only a client that takes one', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, 'modern', transport);
    const client = { asker: 'ann', capabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
    const task = await result(upstream, 'may_be_task', {}, { client });
    expect(task).toMatchObject({ resultType: 'task', status: 'working' });
    const { taskId } = task;
    if (typeof taskId !== 'string') throw new TypeError('A task has an id');
    await vi.waitFor(async () => {
      const { message } = await upstream.request(ownRequest('tasks/get', { taskId }, taskId), {
        ...LIMITS,
        client,
      });
      expect(message).toMatchObject({ result: { status: 'completed' } });
    });
    expect(await text(upstream, 'may_be_task')).toBe('ran');
  });

  it('tells log messages only to a call that wants them', async ({ onTestFinished }) => {
    const upstream = await reach(onTestFinished, 'modern', transport);
    const heard: string[] = [];
    const listener = { principal: 'ann', notification: (method: string) => void heard.push(method) };
    upstream.attach(listener);
    const onNotification = (method: string): void => void heard.push(method);
    await text(upstream, 'log_lines', {}, { onNotification, client: { asker: 'a', capabilities: {} } });
    expect(heard).toEqual([]);
    const client: ClientFacts = { asker: 'a', capabilities: {}, logLevel: 'info' };
    await text(upstream, 'log_lines', {}, { onNotification, client });
    expect(heard).toEqual(['notifications/message', 'notifications/message']);
  });
});

describe('a modern server that wants arguments in headers', () => {
  const found = paramMarks(MARKED_SCHEMA);
  const marks: readonly ParamMark[] = found.ok ? found.marks : [];

  it.each<JsonObject>([
    { region: 'eu', where: { zone: 42 }, note: 'x' },
    { region: 'grüß gott ', where: { zone: -7 } },
    { region: '=?base64?YQ==?=' },
    { region: '' },
    {},
  ])('takes the call %j with the headers that we make', async (given) => {
    await using server = await startMarkedServer();
    const finished: (() => Promise<void>)[] = [];
    const upstream = create((end) => void finished.push(end as () => Promise<void>), httpSpec(server.url));
    const request = callOf('route', given, () => paramHeaders(marks, given));
    expect((await upstream.request(request, LIMITS)).message).toMatchObject({
      result: { content: [{ text: 'routed' }] },
    });
    expect(server.ran).toEqual([given]);
    for (const end of finished) await end();
  });

  it('answers a call without them with an error that is passed on, and does not run it', async ({
    onTestFinished,
  }) => {
    const server = keep(onTestFinished, await startMarkedServer());
    const upstream = create(onTestFinished, httpSpec(server.url));
    const { message } = await upstream.request(callOf('route', { region: 'eu' }), LIMITS);
    expect(message).toMatchObject({
      error: { code: -32_020, data: { mismatch: { header: 'Mcp-Param-Region' } } },
    });
    expect(server.ran).toEqual([]);
    expect(upstream.health().starts).toBe(1);
  });
});

describe('the reference server from npm', () => {
  it.each(['stdio', 'streamableHttp'] as const)(
    'asks the client for everything over %s',
    async (transport) => {
      await using server = transport === 'stdio' ? undefined : await startEverything(transport);
      const finished: (() => Promise<void>)[] = [];
      const upstream = create(
        (end) => void finished.push(end as () => Promise<void>),
        server === undefined
          ? {
              ...COMMON,
              kind: 'stdio',
              server: 'everything',
              command: process.execPath,
              args: [EVERYTHING, 'stdio'],
              env: {},
              cwd: tmpdir(),
            }
          : httpSpec(server.url),
      );
      const client = person('ann', 'Ann');
      expect(await text(upstream, 'trigger-elicitation-request', {}, { client })).toContain('User provided');
      expect(
        await text(upstream, 'trigger-sampling-request', { prompt: 'p', maxTokens: 5 }, { client }),
      ).toContain('Ann');
      expect(await text(upstream, 'get-roots-list', {}, { client })).toContain('file:///Ann');
      expect(client.asked.map(({ method }) => method)).toEqual([
        'elicitation/create',
        'sampling/createMessage',
        'roots/list',
      ]);
      for (const end of finished) await end();
    },
  );
});
