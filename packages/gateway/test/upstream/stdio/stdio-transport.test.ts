import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import type { Link, RequestOptions, UpstreamReply } from '../../../src/upstream/link.ts';
import { killProcessGroup } from '../../../src/upstream/stdio/process-group.ts';
import { StdioTransport, type StdioServer } from '../../../src/upstream/stdio/stdio-transport.ts';
import type { UpstreamError } from '../../../src/upstream/upstream-error.ts';
import { Exchange } from '../../../src/upstream/exchange.ts';
import { ownRequest } from '../../../src/upstream/outgoing-request.ts';
import { callOf } from '../../fixtures/call-of.ts';
import { makeHandshake, type HandshakeStage } from '../../fixtures/handshake.ts';
import { keep, type OnTestFinished } from '../../fixtures/keep.ts';
import { isRunning, stdioSpec } from '../../fixtures/stdio-fixture.ts';
import { failure } from '../../fixtures/failure.ts';

const LIMITS: RequestOptions = { timeoutMs: 10_000, maxBytes: 1024 * 1024 };

interface Stage extends AsyncDisposable {
  readonly link: Link;
  readonly shakeHands: HandshakeStage['shakeHands'];
  readonly transport: StdioTransport;
  readonly closed: Promise<UpstreamError>;
  readonly call: (name: string, given?: JsonObject, options?: Partial<RequestOptions>) => Promise<string>;
}

function textOf({ message }: UpstreamReply): string {
  if ('error' in message) throw new Error(message.error.message);
  return (message.result['content'] as unknown as [{ text: string }])[0]?.text;
}

function make(
  onTestFinished: OnTestFinished,
  switches: readonly string[] = [],
  change: Partial<StdioServer> = {},
): Stage {
  const { server, command, args, env, cwd } = stdioSpec(switches);
  const transport = new StdioTransport({
    name: server,
    command,
    args,
    env,
    cwd,
    maxLineBytes: LIMITS.maxBytes,
    endGraceMs: 100,
    ...change,
  });
  const { promise: closed, resolve } = Promise.withResolvers<UpstreamError>();
  const { link, shakeHands } = makeHandshake(transport, { name: server, close: resolve });
  const stage: Stage = {
    link,
    shakeHands,
    transport,
    closed,
    call: async (name, given = {}, options = {}) =>
      textOf(await link.request(callOf(name, given), { ...LIMITS, ...options })),
    [Symbol.asyncDispose]: async () => {
      await link[Symbol.asyncDispose]();
      // A test that finds a process left over must not leave it over.
      if (link.pid !== undefined) killProcessGroup(link.pid);
    },
  };
  return keep(onTestFinished, stage);
}

async function open(
  onTestFinished: OnTestFinished,
  switches: readonly string[] = [],
  change: Partial<StdioServer> = {},
): Promise<Stage> {
  const stage = make(onTestFinished, switches, change);
  await stage.shakeHands(LIMITS);
  return stage;
}

/** Waits until they have ended: there is no event for processes that are not our children. */
async function allGone(...pids: number[]): Promise<boolean> {
  const anyRunning = async (): Promise<boolean> => (await Promise.all(pids.map(isRunning))).includes(true);
  return await vi.waitUntil(async () => !(await anyRunning()), { timeout: 5000, interval: 5 });
}

describe.concurrent('StdioTransport', () => {
  it('carries messages both ways [S1-01]', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    expect(link.description).toMatchObject({
      serverInfo: { name: 'stdio-fixture' },
      instructions: 'Be careful',
    });
    expect(
      await Promise.all(['a', 'línea\nzwei 💥', '"'].map(async (text) => await call('echo', { text }))),
    ).toEqual(['a', 'línea\nzwei 💥', '"']);
    expect(link.pid).toBe(Number(await call('pid')));
  });

  it('carries a message of many megabytes each way', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, [], { maxLineBytes: 32 * 1024 * 1024 });
    const text = 'é'.repeat(4_000_000);
    expect(await call('echo', { text }, { maxBytes: 32 * 1024 * 1024 })).toBe(text);
  });

  it('gives the child exactly the environment that it is given', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, [], { env: { PATH: '/bin', TOKEN: 'x y\nz' } });
    expect(JSON.parse(await call('env'))).toEqual({ PATH: '/bin', TOKEN: 'x y\nz' });
  });

  it('hands arguments over one by one, without a shell [A84]', async ({ onTestFinished }) => {
    const args = [
      '; touch owned',
      '$(touch owned)',
      '`id`',
      '| cat',
      '&& true',
      '*',
      '"quoted" and \'so\'',
      'a\tb\nc',
      '',
      '$HOME',
      '%PATH%',
    ];
    const { call } = await open(onTestFinished, args);
    expect(JSON.parse(await call('args'))).toEqual(args);
  });

  it('tells the server of a cancellation by the id that it knows', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    const controller = new AbortController();
    const hanging = failure(call('hang', {}, { signal: controller.signal }));
    controller.abort();
    expect((await hanging).code).toBe('UPSTREAM_CANCELLED');
    expect(JSON.parse(await call('seen'))).toMatchObject({ cancelled: [2] });
    expect(link.inFlight).toBe(0);
  });

  it('drops the answer that comes after a cancellation [A80]', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished);
    const controller = new AbortController();
    const waiting = failure(call('wait', { key: 'k' }, { signal: controller.signal }));
    controller.abort();
    await waiting;
    expect(await call('release', { key: 'k' })).toBe('ok');
    expect(await call('echo', { text: 'still right' })).toBe('still right');
  });

  it('maps progress to its request', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished);
    const got: unknown[] = [];
    await call('progress', {}, { onNotification: (method, params) => got.push([method, params]) });
    expect(got).toEqual([
      ['notifications/progress', { progressToken: 2, progress: 1, total: 2 }],
      ['notifications/progress', { progressToken: 2, progress: 2, total: 2 }],
    ]);
  });

  it('answers a server that asks ping in the middle of a call, and refuses whatever else it asks', async ({
    onTestFinished,
  }) => {
    const { call } = await open(onTestFinished);
    expect(JSON.parse(await call('ask', { method: 'ping' }))).toEqual({ result: {} });
    for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list']) {
      const error = { code: -32601, message: `Method ${method} is not supported by this client` };
      expect(JSON.parse(await call('ask', { method }))).toEqual({ error });
    }
  });
});

describe.concurrent('StdioTransport, before a server that misbehaves', () => {
  it('leaves text that is no protocol aside and keeps it, without controls, for diagnosis [A87]', async ({
    onTestFinished,
  }) => {
    const { link, call } = await open(onTestFinished, ['--noise']);
    expect(await call('echo', { text: 'a' })).toBe('a');
    const said = link.diagnosis();
    expect(said).toContain('[stdout] Server starting red\n');
    expect(said).toContain('[stdout] [info] ready\n');
    expect(said).toContain('[stdout] noise between the messages\n');
    expect(said).toContain('stderr speaks\n');
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  it('reads past a byte order mark', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished, ['--bom']);
    expect(await call('echo', { text: 'a' })).toBe('a');
  });

  it('refuses an answer over the limit at once, and serves the next call [A25] [A87]', async ({
    onTestFinished,
  }) => {
    const { link, call } = await open(onTestFinished, [], { maxLineBytes: 100_000 });
    const other = call('wait', { key: 'k' });
    const error = await failure(call('huge', { bytes: 300_000 }));
    expect(error.code).toBe('UPSTREAM_TOO_LARGE');
    expect(link.diagnosis()).toContain('[a line over 100000 bytes was dropped]');
    await call('release', { key: 'k' });
    expect(await other).toBe('released k');
  });

  it('lets a call run into its deadline when its answer has no end, and can still end the server [A87]', async ({
    onTestFinished,
  }) => {
    const { link, call } = await open(onTestFinished, [], { maxLineBytes: 100_000 });
    expect((await failure(call('endless', {}, { timeoutMs: 200 }))).code).toBe('UPSTREAM_TIMEOUT');
    await link[Symbol.asyncDispose]();
    expect(await allGone(link.pid ?? 0)).toBe(true);
  });

  it('keeps only the end of an endless standard error [A87]', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    await call('endless-stderr', { bytes: 8 * 1024 * 1024 });
    await vi.waitFor(() => expect(link.diagnosis()).toMatch(/last words$/), { interval: 5 });
    expect(link.diagnosis()).toHaveLength(16 * 1024);
  });

  it('reports the end of a process with its exit code; the call may have run', async ({ onTestFinished }) => {
    const { call, closed } = await open(onTestFinished);
    const error = await failure(call('crash'));
    expect(error).toMatchObject({
      code: 'UPSTREAM_LOST',
      message: 'Server "files" ended with exit code 3',
      mayHaveRun: true,
    });
    expect(await closed).toBe(error);
  });

  it('reports the end of a process with its signal', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    const hanging = failure(call('hang'));
    process.kill(link.pid ?? Number.NaN, 'SIGKILL');
    expect((await hanging).message).toBe('Server "files" ended with signal SIGKILL');
  });

  it('still delivers the answer that was written just before the end', async ({ onTestFinished }) => {
    const { link, closed } = await open(onTestFinished);
    const reply = await link.request(ownRequest('tools/call', { name: 'answer-and-crash' }), LIMITS);
    expect(reply.message).toMatchObject({ result: { content: [] } });
    expect((await closed).message).toContain('exit code 0');
  });

  it('takes half a message for none [A87]', async ({ onTestFinished }) => {
    const { call } = await open(onTestFinished);
    expect((await failure(call('half-line'))).code).toBe('UPSTREAM_LOST');
  });

  it('counts a server as lost that closes its output but lives on, and ends it', async ({
    onTestFinished,
  }) => {
    const { link, call, closed } = await open(onTestFinished, ['--ignore-sigterm']);
    const { pid = 0 } = link;
    const lost = failure(call('close-output'));
    expect((await closed).message).toBe('Server "files" closed its standard output');
    expect((await lost).code).toBe('UPSTREAM_LOST');
    await link[Symbol.asyncDispose]();
    expect(await allGone(pid)).toBe(true);
  });

  it('counts a server as lost that closes its input but lives on, and ends it', async ({
    onTestFinished,
  }) => {
    const { link, call, closed } = await open(onTestFinished, ['--ignore-sigterm']);
    const { pid = 0 } = link;
    await call('close-input');
    const lost = failure(call('echo', { text: 'nobody hears this' }));
    expect((await closed).message).toBe('Server "files" closed its standard input');
    expect(await lost).toMatchObject({ code: 'UPSTREAM_SESSION_LOST', mayHaveRun: false });
    await link[Symbol.asyncDispose]();
    expect(await allGone(pid)).toBe(true);
  });

  it('stops sending to a server that does not read, and says that the call did not run', async ({
    onTestFinished,
  }) => {
    const { call } = await open(onTestFinished);
    await call('stop-reading');
    const text = 'x'.repeat(5 * 1024 * 1024);
    const controller = new AbortController();
    const waiting = failure(call('echo', { text }, { signal: controller.signal }));
    const refused = await failure(call('echo', { text }));
    expect(refused).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
    controller.abort();
    await waiting;
  });
});

describe.concurrent('StdioTransport#open()', () => {
  it.for<[string, Partial<StdioServer>, string]>([
    ['a program that does not exist', { command: '/nowhere/secret-program' }, 'its program was not found'],
    ['a program that is not on PATH', { command: 'no-such-program-anywhere' }, 'its program was not found'],
    ['a file that is not executable', { command: '/etc/passwd' }, 'its program is not executable'],
    ['a folder as program', { command: tmpdir() }, 'its program is not executable'],
    [
      'a working folder that does not exist',
      { cwd: '/nowhere/secret-folder' },
      'its working folder does not exist',
    ],
    ['a working folder that is a file', { cwd: '/etc/passwd' }, 'its working folder is no folder'],
    ['an argument with NUL', { args: ['secret\0argument'] }, 'the system refused (ERR_INVALID_ARG_VALUE)'],
    [
      'a variable with NUL',
      { env: { TOKEN: 'secret\0value' } },
      'the system refused (ERR_INVALID_ARG_VALUE)',
    ],
  ])('refuses %s without naming it [S1-13]', async ([_what, change, reason], { onTestFinished }) => {
    const { shakeHands } = make(onTestFinished, [], change);
    const error = await failure(shakeHands(LIMITS));
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: `Cannot start server "files": ${reason}`,
      mayHaveRun: false,
    });
    expect(error.message).not.toMatch(/secret|passwd/);
  });

  it('fails when the process ends at once', async ({ onTestFinished }) => {
    const { link, shakeHands } = make(onTestFinished, ['--exit=7']);
    const error = await failure(shakeHands(LIMITS));
    expect(error.message).toBe('Server "files" ended with exit code 7');
    expect(link.diagnosis()).toBe('cannot start: secret-of-the-environment\n');
  });

  it('fails when the process never answers, and dispose() ends it', async ({ onTestFinished }) => {
    const { link, shakeHands } = make(onTestFinished, ['--mute']);
    expect((await failure(shakeHands({ ...LIMITS, timeoutMs: 300 }))).code).toBe('UPSTREAM_TIMEOUT');
    const { pid = 0 } = link;
    expect(await isRunning(pid)).toBe(true);
    await link[Symbol.asyncDispose]();
    expect(await allGone(pid)).toBe(true);
  });
});

describe.concurrent('StdioTransport#dispose()', () => {
  it('ends a server by closing its input, and sends nothing more', async ({ onTestFinished }) => {
    const { link, transport } = await open(onTestFinished);
    const { pid = 0 } = link;
    await link[Symbol.asyncDispose]();
    expect(await isRunning(pid)).toBe(false);
    const sending = transport.send(
      '{}',
      new Exchange({ id: undefined, request: undefined, maxBytes: 1, dueAt: Infinity }),
    );
    expect((await failure(sending)).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('ends a server that ignores the end of its input and SIGTERM [A88]', async ({ onTestFinished }) => {
    const { link } = await open(onTestFinished, ['--ignore-sigterm']);
    const { pid = 0 } = link;
    await link[Symbol.asyncDispose]();
    expect(await allGone(pid)).toBe(true);
  });

  it('ends what the server has started, also when that ignores SIGTERM [A88]', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    const pids = [link.pid ?? 0, Number(await call('grandchild')), Number(await call('grandchild'))];
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true]);
    await link[Symbol.asyncDispose]();
    expect(await allGone(...pids)).toBe(true);
  });

  it('ends what the server has started when the server itself was killed [A88]', async ({
    onTestFinished,
  }) => {
    const { link, call, closed } = await open(onTestFinished);
    const grandchild = Number(await call('grandchild'));
    process.kill(link.pid ?? Number.NaN, 'SIGKILL');
    expect((await closed).message).toContain('SIGKILL');
    expect(await allGone(grandchild)).toBe(true);
  });

  it('does not wait for a process that left the group and holds the pipes', async ({ onTestFinished }) => {
    const { link, call } = await open(onTestFinished);
    const escaped = Number(await call('grandchild', { detached: true }));
    try {
      await link[Symbol.asyncDispose]();
      expect(await allGone(link.pid ?? 0)).toBe(true);
    } finally {
      process.kill(escaped, 'SIGKILL');
    }
  });

  it('may be called twice, and before the process has started', async ({ onTestFinished }) => {
    const { link } = await open(onTestFinished);
    await Promise.all([link[Symbol.asyncDispose](), link[Symbol.asyncDispose]()]);
    const early = make(onTestFinished);
    const opened = failure(early.shakeHands(LIMITS));
    await early.link[Symbol.asyncDispose]();
    expect((await opened).code).toMatch(/^UPSTREAM_(?:LOST|UNAVAILABLE)$/);
    expect(await allGone(early.link.pid ?? 0)).toBe(true);
  });
});
