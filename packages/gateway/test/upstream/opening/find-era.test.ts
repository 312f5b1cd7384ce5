import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dispatcher } from 'undici';
import { createHttpPool } from '../../../src/upstream/http/http-exchange.ts';
import type { Link } from '../../../src/upstream/link.ts';
import { EraMemory } from '../../../src/upstream/opening/era-memory.ts';
import { openLink } from '../../../src/upstream/opening/open-link.ts';
import type { HttpSpec, UpstreamSpec } from '../../../src/upstream/upstream-spec.ts';
import { callOf } from '../../fixtures/call-of.ts';
import { failure } from '../../fixtures/failure.ts';
import {
  mcpHandle,
  sendEvent,
  sendJson,
  sendStatus,
  startEvents,
  startHttpFixture,
  type Handle,
  type HttpFixture,
} from '../../fixtures/http-fixture.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';
import { discovery, errorOf, modernHandle } from '../../fixtures/modern-handle.ts';
import { META_CAPABILITIES, META_CLIENT, META_VERSION, VERSION } from '../../fixtures/modern.ts';
import { modernStdioSpec, stdioSpec } from '../../fixtures/stdio-fixture.ts';
import { fakeClock } from '../../limit/fake-clock.ts';

interface Stage {
  readonly eras: EraMemory;
  readonly open: (spec: UpstreamSpec) => Promise<Link>;
}

function stage(onTestFinished: OnTestFinished): Stage {
  const pool: Dispatcher = createHttpPool();
  keep(onTestFinished, { [Symbol.asyncDispose]: async () => await pool.destroy() });
  const eras = new EraMemory(fakeClock().now);
  const events = { notification: () => undefined, warning: () => undefined, close: () => undefined };
  const clientInfo = { name: 'smcp', version: '1' };
  return {
    eras,
    open: async (spec) => keep(onTestFinished, await openLink(spec, { clientInfo, pool, eras, events })),
  };
}

async function stageHttp(
  onTestFinished: OnTestFinished,
  handle: Handle,
  change: Partial<HttpSpec> = {},
): Promise<Stage & { fixture: HttpFixture; spec: HttpSpec; asked: () => string[] }> {
  const fixture = keep(onTestFinished, await startHttpFixture(handle));
  const spec: HttpSpec = {
    kind: 'http',
    server: 'web',
    era: 'auto',
    mayAsk: [],
    url: fixture.url,
    transport: 'auto',
    headers: { authorization: 'Bearer x' },
    startTimeoutMs: 5000,
    maxResultBytes: 100_000,
    idleMs: 1000,
    ...change,
  };
  const asked = (): string[] => fixture.received.map(({ method, message }) => message?.method ?? method);
  return { ...stage(onTestFinished), fixture, spec, asked };
}

/** A server with a handshake that answers what it does not know in its own way. */
const withHandshake =
  (answer: Handle): Handle =>
  (received, response) =>
    received.message?.method === 'server/discover'
      ? answer(received, response)
      : mcpHandle()(received, response);

describe.concurrent('openLink() over HTTP', () => {
  it('takes a server for modern that says so, and asks no more', async ({ onTestFinished }) => {
    const { fixture, spec, open, asked } = await stageHttp(onTestFinished, modernHandle());
    const link = await open(spec);
    expect(link.description).toEqual({
      era: 'modern',
      protocolVersion: VERSION,
      capabilities: { tools: {} },
      serverInfo: { name: 'modern-fixture', version: '1' },
      instructions: 'Be careful',
    });
    expect(asked()).toEqual(['server/discover']);
    const [{ headers, message } = { headers: {}, message: {} }] = fixture.received;
    expect(headers).toMatchObject({
      authorization: 'Bearer x',
      'mcp-method': 'server/discover',
      'mcp-protocol-version': VERSION,
    });
    expect(message.params._meta).toEqual({
      [META_VERSION]: VERSION,
      [META_CAPABILITIES]: {},
      [META_CLIENT]: { name: 'smcp', version: '1' },
    });
  });

  const json = (id: unknown, body: object): string => JSON.stringify({ jsonrpc: '2.0', id, ...body });
  it.for<[string, Handle]>([
    ['400 without a body', (_r, response) => sendStatus(response, 400)],
    [
      '400 for want of a session',
      (_r, response) => sendStatus(response, 400, errorOf(null, -32_000, 'No session')),
    ],
    [
      '400 with an id of its own making',
      (_r, response) => sendStatus(response, 400, errorOf('server-error', -32_600, 'Missing session ID')),
    ],
    [
      '400 with the method unknown',
      ({ message }, response) => sendStatus(response, 400, errorOf(message.id, -32_601, 'No')),
    ],
    ['404', (_r, response) => sendStatus(response, 404)],
    [
      '404 with the method unknown',
      ({ message }, response) => sendStatus(response, 404, errorOf(message.id, -32_601, 'No')),
    ],
    ['405', (_r, response) => sendStatus(response, 405)],
    ['406', (_r, response) => sendStatus(response, 406)],
    ['409', (_r, response) => sendStatus(response, 409)],
    ['422', (_r, response) => sendStatus(response, 422)],
    [
      'an error',
      ({ message }, response) =>
        sendStatus(response, 200, errorOf(message.id, -32_601, 'No'), { 'content-type': 'application/json' }),
    ],
    [
      'an error about the params',
      ({ message }, response) =>
        sendJson(response, JSON.parse(errorOf(message.id, -32_602, 'Invalid request parameters'))),
    ],
    [
      'an error without an id',
      (_r, response) =>
        sendStatus(response, 200, errorOf(null, -32_600, 'No'), { 'content-type': 'application/json' }),
    ],
    [
      'a result that says nothing',
      ({ message }, response) =>
        sendStatus(response, 200, json(message.id, { result: {} }), { 'content-type': 'application/json' }),
    ],
    [
      'versions of nobody',
      ({ message }, response) =>
        sendJson(response, discovery(message.id, { supportedVersions: ['2099-01-01', '2025-11-25'] })),
    ],
    [
      'another version only',
      ({ message }, response) =>
        sendStatus(response, 400, errorOf(message.id, -32_022, 'No', { supported: ['2025-11-25'] })),
    ],
    ['a page', (_r, response) => sendStatus(response, 200, '<p>', { 'content-type': 'text/html' })],
    ['202', (_r, response) => sendStatus(response, 202)],
    ['an empty stream', (_r, response) => void startEvents(response).end()],
  ])(
    'shakes hands with a server that answers the modern question with %s',
    async ([_what, answer], { onTestFinished }) => {
      const { spec, eras, open, asked } = await stageHttp(onTestFinished, withHandshake(answer));
      const link = await open(spec);
      expect(link.description).toMatchObject({ era: 'handshake', protocolVersion: '2025-11-25' });
      expect(asked().slice(0, 2)).toEqual(['server/discover', 'initialize']);
      expect(eras.shakesHands(spec)).toBe(true);
    },
  );

  it('shakes hands with a server that never answers the question, after half its time', async ({
    onTestFinished,
  }) => {
    const { spec, open } = await stageHttp(
      onTestFinished,
      withHandshake(() => undefined),
      {
        startTimeoutMs: 400,
      },
    );
    expect((await open(spec)).description.era).toBe('handshake');
  });

  it('reaches an older server with HTTP+SSE behind the question', async ({ onTestFinished }) => {
    let stream: Parameters<Handle>[1] | undefined;
    const older: Handle = ({ method, path, message }, response) => {
      if (method === 'GET') {
        stream = startEvents(response);
        sendEvent(stream, '/messages', { event: 'endpoint' });
      } else if (path !== '/messages' || stream === undefined) {
        sendStatus(response, 404);
      } else {
        sendStatus(response, 202);
        const result = { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: {} };
        if (message.id !== undefined) sendEvent(stream, { jsonrpc: '2.0', id: message.id, result });
      }
    };
    const { spec, open, asked } = await stageHttp(onTestFinished, older);
    expect((await open(spec)).description.protocolVersion).toBe('2024-11-05');
    expect(asked()).toEqual([
      'server/discover',
      'initialize',
      'GET',
      'initialize',
      'notifications/initialized',
    ]);
  });

  it.for([401, 403, 429, 500, 502, 503])(
    'learns nothing from status %i and offers no handshake',
    async (status, { onTestFinished }) => {
      const { spec, eras, open, asked } = await stageHttp(onTestFinished, (_received, response) =>
        sendStatus(response, status),
      );
      expect((await failure(open(spec))).status).toBe(status);
      expect(asked()).toEqual(['server/discover']);
      expect(eras.shakesHands(spec)).toBe(false);
    },
  );

  it('learns nothing from a connection that breaks or cannot be made', async ({ onTestFinished }) => {
    const { fixture, spec, open, asked } = await stageHttp(
      onTestFinished,
      (_received, response) => void response.destroy(),
    );
    expect((await failure(open(spec))).code).toBe('UPSTREAM_LOST');
    expect(asked()).toEqual(['server/discover']);
    await fixture.kill();
    expect((await failure(open(spec))).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it.for([-32_020, -32_021])(
    'says that a modern server refused us with the error %i, and offers no handshake',
    async (code, { onTestFinished }) => {
      const { spec, open, asked } = await stageHttp(onTestFinished, ({ message }, response) =>
        sendStatus(response, 400, errorOf(message.id, code, 'not\nso')),
      );
      expect(await failure(open(spec))).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        message: String.raw`Server "web" refused to be discovered: not\nso`,
      });
      expect(asked()).toEqual(['server/discover']);
    },
  );

  it('tells how the handshake failed of a server that is neither', async ({ onTestFinished }) => {
    const { spec, open } = await stageHttp(onTestFinished, (_received, response) =>
      sendStatus(response, 404),
    );
    expect(await failure(open(spec))).toMatchObject({ code: 'UPSTREAM_REFUSED', status: 404 });
  });

  it('asks a server no question that is known to shake hands', async ({ onTestFinished }) => {
    const { spec, eras, open, asked } = await stageHttp(onTestFinished, mcpHandle());
    eras.note(spec);
    await open(spec);
    expect(asked()[0]).toBe('initialize');
  });

  it('asks again, once, when a server that was known to shake hands has become modern', async ({
    onTestFinished,
  }) => {
    const { spec, eras, open, asked } = await stageHttp(onTestFinished, modernHandle());
    eras.note(spec);
    expect((await open(spec)).description.era).toBe('modern');
    expect(asked()).toEqual(['initialize', 'GET', 'server/discover']);
    expect(eras.shakesHands(spec)).toBe(false);
  });

  it('asks nothing when the handshake with a known server fails in another way', async ({
    onTestFinished,
  }) => {
    const { spec, eras, open, asked } = await stageHttp(onTestFinished, (_received, response) =>
      sendStatus(response, 503),
    );
    eras.note(spec);
    expect((await failure(open(spec))).status).toBe(503);
    expect(asked()).toEqual(['initialize']);
    expect(eras.shakesHands(spec)).toBe(true);
  });

  it.for([
    ['handshake', 'auto', ['initialize']],
    ['auto', 'sse', ['GET']],
    ['modern', 'sse', ['GET']],
  ] as const)(
    'asks no question with era %s and transport %s',
    async ([era, transport, first], { onTestFinished }) => {
      const { spec, open, asked } = await stageHttp(onTestFinished, modernHandle(), { era, transport });
      await failure(open(spec));
      expect(asked().slice(0, 1)).toEqual(first);
    },
  );

  it('offers no handshake with era modern', async ({ onTestFinished }) => {
    const { spec, eras, open, asked } = await stageHttp(onTestFinished, mcpHandle(), { era: 'modern' });
    eras.note(spec);
    expect(await failure(open(spec))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'Server "web" does not speak MCP 2026-07-28, which its setting "era" wants',
    });
    expect(asked()).toEqual(['server/discover']);
    const other = await stageHttp(onTestFinished, modernHandle(), { era: 'modern' });
    expect((await other.open(other.spec)).description.era).toBe('modern');
  });
});

/** The requests that a program of the test got. */
async function methodLog(
  onTestFinished: OnTestFinished,
): Promise<{ flag: string; read: () => Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-methods-'));
  keep(onTestFinished, { [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }) });
  const file = join(folder, 'methods.log');
  return {
    flag: `--log-methods=${file}`,
    read: async () => {
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      return lines.filter((method) => !method.startsWith('notifications/'));
    },
  };
}

describe.concurrent('openLink() over stdio', () => {
  const text = async (link: Link, name: string, given = {}): Promise<string> => {
    const { message } = await link.request(callOf(name, given), { timeoutMs: 5000, maxBytes: 10_000 });
    if ('error' in message) throw new Error(message.error.message);
    return (message.result['content'] as unknown as [{ text: string }])[0].text;
  };

  it('takes a program for modern that says so', async ({ onTestFinished }) => {
    const { open } = stage(onTestFinished);
    const link = await open(modernStdioSpec());
    expect(link.description).toMatchObject({ era: 'modern', serverInfo: { name: 'modern-stdio' } });
    expect(JSON.parse(await text(link, 'meta'))).toMatchObject({
      [META_VERSION]: VERSION,
      [META_CAPABILITIES]: {},
    });
  });

  it('offers a handshake to the same process when that knows no such question', async ({
    onTestFinished,
  }) => {
    const log = await methodLog(onTestFinished);
    const { open, eras } = stage(onTestFinished);
    const spec = stdioSpec([log.flag]);
    const link = await open(spec);
    expect(link.description.era).toBe('handshake');
    expect(await log.read()).toEqual(['server/discover', 'initialize']);
    // It costs nothing to ask again.
    expect(eras.shakesHands(spec)).toBe(false);
  });

  it('offers a handshake to the same process when that is silent, and remembers', async ({
    onTestFinished,
  }) => {
    const log = await methodLog(onTestFinished);
    const { open, eras } = stage(onTestFinished);
    const spec = stdioSpec(['--unknown=mute', log.flag], { startTimeoutMs: 4000 });
    const started = performance.now();
    const link = await open(spec);
    expect(performance.now() - started).toBeGreaterThan(1900);
    expect(link.description.era).toBe('handshake');
    expect(link.inFlight).toBe(0);
    expect(eras.shakesHands(spec)).toBe(true);
    await open(spec);
    expect(await log.read()).toEqual(['server/discover', 'initialize', 'initialize']);
  });

  it('starts a program again that ends because it was asked, and remembers', async ({ onTestFinished }) => {
    const log = await methodLog(onTestFinished);
    const { open, eras } = stage(onTestFinished);
    const spec = stdioSpec(['--unknown=die', log.flag]);
    const link = await open(spec);
    expect(link.description.era).toBe('handshake');
    expect(await text(link, 'echo', { text: 'alive' })).toBe('alive');
    expect((await log.read()).slice(0, 2)).toEqual(['server/discover', 'initialize']);
    expect(eras.shakesHands(spec)).toBe(true);
  });

  it('takes a modern program for modern that was slow to start, though a handshake was offered', async ({
    onTestFinished,
  }) => {
    const { open, eras } = stage(onTestFinished);
    for (const switches of [['--late=1200'], ['--slow']]) {
      const spec = modernStdioSpec(switches, { startTimeoutMs: 2000 });
      const link = await open(spec);
      expect(link.description.era).toBe('modern');
      expect(eras.shakesHands(spec)).toBe(false);
      expect(await text(link, 'echo', { text: 'late' })).toBe('late');
    }
  });

  it('keeps to the handshake that a slow program of both eras has accepted', async ({ onTestFinished }) => {
    const { open } = stage(onTestFinished);
    const link = await open(modernStdioSpec(['--slow', '--dual'], { startTimeoutMs: 2000 }));
    expect(link.description.era).toBe('handshake');
    expect(link.inFlight).toBe(0);
  });

  it('asks again when a program that was known to shake hands refuses to', async ({ onTestFinished }) => {
    const { open, eras } = stage(onTestFinished);
    const spec = modernStdioSpec();
    eras.note(spec);
    expect((await open(spec)).description.era).toBe('modern');
    expect(eras.shakesHands(spec)).toBe(false);
  });

  it('says that a modern program refused us', async ({ onTestFinished }) => {
    const { open } = stage(onTestFinished);
    expect(await failure(open(modernStdioSpec(['--refuse'])))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'Server "files" refused to be discovered: Wants sampling',
      rpcCode: -32_021,
    });
  });

  it('keeps what a program printed when it ends whatever it is asked [S1-13]', async ({ onTestFinished }) => {
    const { open, eras } = stage(onTestFinished);
    const error = await failure(open(stdioSpec(['--exit=2'])));
    expect(error.message).toBe('Server "files" ended with exit code 2');
    expect(error.diagnosis).toBe('cannot start: secret-of-the-environment\n');
    expect(eras.shakesHands(stdioSpec(['--exit=2']))).toBe(false);
  });

  it('asks no question with era handshake, and offers no handshake with era modern', async ({
    onTestFinished,
  }) => {
    const { open } = stage(onTestFinished);
    expect((await failure(open(modernStdioSpec([], { era: 'handshake' })))).rpcCode).toBe(-32_022);
    expect(await failure(open(stdioSpec([], { era: 'modern' })))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('does not speak MCP 2026-07-28'),
    });
    expect((await open(modernStdioSpec([], { era: 'modern' }))).description.era).toBe('modern');
  });

  it('tells a modern program that a call is cancelled', async ({ onTestFinished }) => {
    const { open } = stage(onTestFinished);
    const link = await open(modernStdioSpec());
    const controller = new AbortController();
    const hanging = failure(
      link.request(callOf('hang'), { timeoutMs: 5000, maxBytes: 1000, signal: controller.signal }),
    );
    controller.abort();
    expect((await hanging).code).toBe('UPSTREAM_CANCELLED');
    expect(JSON.parse(await text(link, 'seen')).cancelled).toHaveLength(1);
  });
});
