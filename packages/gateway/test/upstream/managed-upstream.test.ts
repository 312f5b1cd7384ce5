import { describe, expect, it, vi } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@smcp/protocol';
import { ownRequest } from '../../src/upstream/outgoing-request.ts';
import type { HttpSpec, UpstreamSpec } from '../../src/upstream/upstream-spec.ts';
import type { UpstreamListener } from '../../src/upstream/upstream.ts';
import { keep, type OnTestFinished } from '../fixtures/keep.ts';
import { manageUpstream, type ManagedStage } from '../fixtures/managed-stage.ts';
import {
  mcpHandle,
  resultOf,
  sendEvent,
  sendJson,
  sendStatus,
  startEvents,
  startHttpFixture,
  type HttpFixture,
  type McpScript,
} from '../fixtures/http-fixture.ts';
import { isRunning, makeCallLog, stdioSpec } from '../fixtures/stdio-fixture.ts';
import { failure } from '../fixtures/failure.ts';

function manage(onTestFinished: OnTestFinished, spec: UpstreamSpec): ManagedStage {
  return manageUpstream(onTestFinished, spec, {
    toRequest: (name, given) => ownRequest('tools/call', { name, arguments: given }),
    ended: ({ message }) => message,
  });
}

async function manageHttp(
  onTestFinished: OnTestFinished,
  script: McpScript = {},
  change: Partial<HttpSpec> = {},
): Promise<ManagedStage & { fixture: HttpFixture }> {
  const fixture = keep(onTestFinished, await startHttpFixture(mcpHandle(script)));
  const spec: HttpSpec = {
    kind: 'http',
    server: 'web',
    era: 'handshake',
    mayAsk: [],
    url: fixture.url,
    transport: 'http',
    headers: {},
    startTimeoutMs: 5000,
    maxResultBytes: 100_000,
    idleMs: 60_000,
  };
  return { ...manage(onTestFinished, { ...spec, ...change }), fixture };
}

interface Ear extends UpstreamListener {
  readonly heard: { method: string; params: JsonObject }[];
}

function ear(principal: string): Ear {
  const heard: Ear['heard'] = [];
  return { principal, heard, notification: (method, params) => heard.push({ method, params }) };
}

async function expectGone(pid: number): Promise<void> {
  await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), { timeout: 5000, interval: 5 });
}

/** Ends a process, and returns only when it is gone with all its threads, without letting anything else happen. */
function killAndWait(pid: number): void {
  process.kill(pid, 'SIGKILL');
  const isGone = (): boolean =>
    readdirSync(`/proc/${pid}/task`).length === 1 &&
    /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  while (!isGone());
}

const log = { method: 'notifications/message', params: { level: 'info', data: 'what ann did' } };

describe.concurrent('ManagedUpstream', () => {
  it('starts with the first use, once for all who wait [S1-01]', async ({ onTestFinished }) => {
    const { upstream, events, call } = manage(onTestFinished, stdioSpec());
    expect(upstream.state).toBe('idle');
    const replies = [call(), call(), upstream.describe()];
    expect(upstream.state).toBe('starting');
    await Promise.all(replies);
    expect(upstream.state).toBe('ready');
    expect(upstream.health()).toMatchObject({
      server: 'files',
      state: 'ready',
      starts: 1,
      inFlight: 0,
      lastError: undefined,
    });
    expect(events).toEqual(['ready']);
  });

  it('starts again after the server was killed; the call that ran is not repeated [A87]', async ({
    onTestFinished,
  }) => {
    const callLog = keep(onTestFinished, await makeCallLog());
    const { upstream, events, call } = manage(onTestFinished, stdioSpec([callLog.flag]));
    const lost = failure(call('hang'));
    await vi.waitFor(async () => expect(await callLog.read()).toHaveLength(1), { interval: 5 });
    process.kill(upstream.health().pid ?? Number.NaN, 'SIGKILL');
    expect(await lost).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect(await call('echo', { text: 'again' })).toBe('again');
    expect(await callLog.read()).toEqual(['hang {"text":"ok"}', 'echo {"text":"again"}']);
    expect(events).toEqual(['ready', 'ended: Server "files" ended with signal SIGKILL', 'ready']);
  });

  it('sends a call to a new process when the old one was dead already: it surely did not run [A87]', async ({
    onTestFinished,
  }) => {
    const callLog = keep(onTestFinished, await makeCallLog());
    const { upstream, clock, events, call } = manage(onTestFinished, stdioSpec([callLog.flag]));
    for (let n = 1; n <= 2; n += 1) {
      await call('echo', { text: `before ${n}` });
      clock.advance(60_000);
      killAndWait(upstream.health().pid ?? Number.NaN);
      // Nobody has had a chance to notice the end.
      const both = ['a', 'b'].map(async (text) => await call('echo', { text: `${text} ${n}` }));
      expect(await Promise.all(both)).toEqual([`a ${n}`, `b ${n}`]);
    }
    expect((await callLog.read()).toSorted()).toEqual(
      ['a', 'b', 'before'].flatMap((text) => [1, 2].map((n) => `echo {"text":"${text} ${n}"}`)),
    );
    expect(events.filter((event) => event === 'ready')).toHaveLength(3);
    expect(upstream.health().starts).toBe(3);
  });

  it('waits before it starts a server again that keeps dying between calls [A87]', async ({
    onTestFinished,
  }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec());
    await call();
    killAndWait(upstream.health().pid ?? Number.NaN);
    await call();
    killAndWait(upstream.health().pid ?? Number.NaN);
    expect((await failure(call())).message).toContain('keeps failing; next start in 1 s');
  });

  it('waits longer and longer before it starts a server that keeps ending [A87]', async ({
    onTestFinished,
  }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec(['--exit=2']));
    expect((await failure(call())).message).toBe('Server "files" ended with exit code 2');
    expect((await failure(call())).message).toBe('Server "files" ended with exit code 2');
    const held = await failure(call());
    expect(held).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
    expect(held.message).toBe(
      'Server "files" keeps failing; next start in 1 s. Last: Server "files" ended with exit code 2',
    );
    expect(upstream.health()).toMatchObject({ starts: 2, state: 'failed' });
    clock.advance(500);
    await failure(call());
    clock.advance(999);
    await failure(call());
    expect(upstream.health().starts).toBe(3);
    clock.advance(1);
    await failure(call());
    expect(upstream.health().starts).toBe(4);
  });

  it('tells operators what a server printed before it failed, and callers nothing of it [S1-13]', async ({
    onTestFinished,
  }) => {
    const { upstream, events, call } = manage(onTestFinished, stdioSpec(['--exit=2']));
    const error = await failure(call());
    expect(upstream.health().diagnosis).toBe('cannot start: secret-of-the-environment\n');
    expect(error.message).not.toContain('secret');
    expect(events).toEqual(['failed: Server "files" ended with exit code 2']);
  });

  it('reports what the server printed after it has ended', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec(['--noise']));
    await failure(call('crash'));
    expect(upstream.health()).toMatchObject({
      state: 'failed',
      pid: undefined,
      lastError: 'Server "files" ended with exit code 3',
    });
    expect(upstream.health().diagnosis).toContain('stderr speaks');
  });

  it('lets a caller go that gives up while the server starts, and serves the others', async ({
    onTestFinished,
  }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec());
    const controller = new AbortController();
    const gone = failure(call('echo', {}, { signal: controller.signal }));
    const stays = call();
    controller.abort();
    expect(await gone).toMatchObject({ code: 'UPSTREAM_CANCELLED' });
    expect(upstream.state).toBe('starting');
    expect(await stays).toBe('ok');
  });
});

describe.concurrent('ManagedUpstream, when a session is lost', () => {
  /** Forgets all sessions when told. */
  async function forgetful(
    onTestFinished: OnTestFinished,
    status = 404,
  ): Promise<ManagedStage & { fixture: HttpFixture; forget: () => void; held: (() => void)[] }> {
    let current = 0;
    const held: (() => void)[] = [];
    const staged = await manageHttp(onTestFinished, {
      session: (n) => {
        current = n;
        return `s${n}`;
      },
      onRequest: ({ headers, message }, response) => {
        if (headers['mcp-session-id'] !== `s${current}`) sendStatus(response, status, 'Session not found');
        else if (message.params?.name === 'hold')
          held.push(() => sendJson(response, resultOf(message.id, 'held')));
        else sendJson(response, resultOf(message.id, 'ok'));
      },
    });
    return { ...staged, held, forget: () => void (current = -1) };
  }

  it.for([404, 400])(
    'opens a new one and sends the call once more: it surely did not run (status %i)',
    async (status, { onTestFinished }) => {
      const { fixture, events, call, forget } = await forgetful(onTestFinished, status);
      await call();
      forget();
      expect(await call()).toBe('ok');
      expect(fixture.count('initialize')).toBe(2);
      expect(fixture.count('tools/call')).toBe(3);
      expect(events).toEqual(['ready', 'ended: Server "web" no longer knows the session', 'ready']);
    },
  );

  it('opens one new session for all calls that were refused together, and repeats each once', async ({
    onTestFinished,
  }) => {
    const { fixture, call, forget } = await forgetful(onTestFinished);
    await call();
    forget();
    expect(await Promise.all(Array.from({ length: 20 }, async () => await call()))).toEqual(
      Array.from({ length: 20 }, () => 'ok'),
    );
    expect(fixture.count('initialize')).toBe(2);
    const calls = fixture.received.filter(({ message }) => message?.method === 'tools/call');
    expect(calls.filter(({ headers }) => headers['mcp-session-id'] === 's2')).toHaveLength(20);
  });

  it('lets a call that still runs on the old session have its answer, and then ends that session', async ({
    onTestFinished,
  }) => {
    const { fixture, call, forget, held } = await forgetful(onTestFinished);
    const holding = call('hold');
    await vi.waitFor(() => expect(held).toHaveLength(1), { interval: 5 });
    forget();
    expect(await call()).toBe('ok');
    expect(fixture.received.some(({ method }) => method === 'DELETE')).toBe(false);
    held[0]?.();
    expect(await holding).toBe('held');
    const ended = await fixture.next(({ method }) => method === 'DELETE');
    expect(ended.headers['mcp-session-id']).toBe('s1');
    expect(fixture.count('tools/call')).toBe(3);
  });

  it('does not try a third time', async ({ onTestFinished }) => {
    const { fixture, call } = await manageHttp(onTestFinished, {
      session: (n) => `s${n}`,
      onRequest: (_received, response) => sendStatus(response, 404),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_SESSION_LOST', mayHaveRun: false });
    expect(fixture.count('tools/call')).toBe(2);
  });

  it('repeats settings as well', async ({ onTestFinished }) => {
    const { fixture, upstream, call, forget } = await forgetful(onTestFinished);
    await call();
    forget();
    const ann = ear('ann');
    upstream.attach(ann);
    await upstream.subscribe(ann, 'file:///a');
    expect(fixture.count('resources/subscribe')).toBe(2);
    expect(fixture.count('initialize')).toBe(2);
  });

  it.for([
    ['a lost connection', 'UPSTREAM_LOST', (response: ServerResponse): void => void response.destroy()],
    ['status 500', 'UPSTREAM_LOST', (response: ServerResponse) => sendStatus(response, 500)],
    ['status 403', 'UPSTREAM_REFUSED', (response: ServerResponse) => sendStatus(response, 403)],
    [
      'an answer that is no message',
      'UPSTREAM_PROTOCOL',
      (response: ServerResponse) => sendJson(response, { jsonrpc: '2.0', id: 2 }),
    ],
  ] as const)('never repeats a call after %s', async ([_what, code, answer], { onTestFinished }) => {
    const { fixture, call } = await manageHttp(onTestFinished, {
      session: () => 's',
      onRequest: (_received, response) => answer(response),
    });
    expect((await failure(call())).code).toBe(code);
    expect(fixture.count('tools/call')).toBe(1);
    expect(fixture.count('initialize')).toBe(1);
  });

  it('gives an answer that comes back with an error as it is', async ({ onTestFinished }) => {
    const { fixture, call } = await manageHttp(onTestFinished, {
      session: () => 's',
      onRequest: ({ message }, response) =>
        sendJson(response, {
          jsonrpc: '2.0',
          id: message.id,
          error: { code: -32001, message: 'Session not found' },
        }),
    });
    await expect(call()).rejects.toThrow('Session not found');
    expect(fixture.count('tools/call')).toBe(1);
  });
});

describe.concurrent('ManagedUpstream, told something by the server', () => {
  const say = async ({ call }: ManagedStage, method: string, params: JsonObject): Promise<string> =>
    await call('say', { method, params });

  it('tells log messages to the one principal that listens, on all its sessions [A52]', async ({
    onTestFinished,
  }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [first, second] = [ear('ann'), ear('ann')];
    stage.upstream.attach(first);
    stage.upstream.attach(second);
    await say(stage, log.method, log.params);
    expect(first.heard).toEqual([log]);
    expect(second.heard).toEqual([log]);
  });

  it('tells log messages to nobody while two principals listen [A52]', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [ann, bob] = [ear('ann'), ear('bob')];
    stage.upstream.attach(ann);
    stage.upstream.attach(bob);
    await say(stage, log.method, log.params);
    expect([ann.heard, bob.heard]).toEqual([[], []]);
  });

  it('tells nobody of what another principal may have left behind, until the server starts anew [A52]', async ({
    onTestFinished,
  }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [ann, bob] = [ear('ann'), ear('bob')];
    await stage.call();
    const leave = stage.upstream.attach(ann);
    leave();
    stage.upstream.attach(bob);
    await say(stage, log.method, log.params);
    expect(bob.heard).toEqual([]);
    await failure(stage.call('crash'));
    await say(stage, log.method, log.params);
    expect(bob.heard).toEqual([log]);
  });

  it('tells nobody anything when nobody listens, but its owner always', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    await say(stage, log.method, log.params);
    expect(stage.events).toEqual(['ready', 'notifications/message']);
  });

  it.for([
    'notifications/tools/list_changed',
    'notifications/prompts/list_changed',
    'notifications/resources/list_changed',
  ])('tells everybody of %s', async (method, { onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [ann, bob] = [ear('ann'), ear('bob')];
    stage.upstream.attach(ann);
    stage.upstream.attach(bob);
    await say(stage, method, {});
    expect([ann.heard, bob.heard]).toEqual([[{ method, params: {} }], [{ method, params: {} }]]);
  });

  it('keeps notifications of its own kind from several principals, as they may tell anything [A52]', async ({
    onTestFinished,
  }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [ann, bob] = [ear('ann'), ear('bob')];
    stage.upstream.attach(ann);
    stage.upstream.attach(bob);
    await say(stage, 'notifications/x/job_done', { owner: 'ann' });
    await say(stage, 'notifications/tools/list_changed/../message', {});
    expect([ann.heard, bob.heard]).toEqual([[], []]);
  });

  it('tells of a changed resource only who follows it', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const [ann, bob] = [ear('ann'), ear('bob')];
    stage.upstream.attach(ann);
    stage.upstream.attach(bob);
    await stage.upstream.subscribe(ann, 'file:///a');
    await stage.upstream.subscribe(bob, 'file:///b');
    const updated = { method: 'notifications/resources/updated', params: { uri: 'file:///a' } };
    await say(stage, updated.method, updated.params);
    await say(stage, updated.method, { uri: 'file:///c' });
    await say(stage, updated.method, { uri: { toString: 'file:///b' } });
    await say(stage, updated.method, {});
    expect(ann.heard).toEqual([updated]);
    expect(bob.heard).toEqual([]);
  });

  it('tells nothing more to one that has left', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const ann = ear('ann');
    const leave = stage.upstream.attach(ann);
    await stage.upstream.subscribe(ann, 'file:///a');
    leave();
    leave();
    await say(stage, log.method, log.params);
    await say(stage, 'notifications/resources/updated', { uri: 'file:///a' });
    expect(ann.heard).toEqual([]);
  });
});

describe.concurrent('ManagedUpstream, asked to follow resources', () => {
  const seen = async ({ call }: ManagedStage): Promise<{ subscriptions: string[]; level: string }> =>
    JSON.parse(await call('seen'));

  it('asks the server once for several, and ends it with the last', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const { upstream } = stage;
    const [ann, bob] = [ear('ann'), ear('bob')];
    const leave = upstream.attach(ann);
    upstream.attach(bob);
    await Promise.all([upstream.subscribe(ann, 'file:///a'), upstream.subscribe(bob, 'file:///a')]);
    await upstream.unsubscribe(bob, 'file:///a');
    expect((await seen(stage)).subscriptions).toEqual(['+file:///a']);
    leave();
    expect((await seen(stage)).subscriptions).toEqual(['+file:///a', '-file:///a']);
  });

  it('passes on that the server refuses, and follows nothing', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const ann = ear('ann');
    stage.upstream.attach(ann);
    expect(await failure(stage.upstream.subscribe(ann, 'file:///refused'))).toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
    await failure(stage.call('crash'));
    expect((await seen(stage)).subscriptions).toEqual([]);
  });

  it('follows nothing for one that left while the server was asked', async ({ onTestFinished }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const ann = ear('ann');
    const leave = stage.upstream.attach(ann);
    const subscribed = stage.upstream.subscribe(ann, 'file:///a');
    leave();
    await subscribed;
    expect((await seen(stage)).subscriptions).toEqual(['+file:///a', '-file:///a']);
  });

  it('starts a server that ended again by itself, and restores what was followed and the log level', async ({
    onTestFinished,
  }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const { upstream, events } = stage;
    const ann = ear('ann');
    upstream.attach(ann);
    await upstream.setLogLevel(ann, 'warning');
    await upstream.subscribe(ann, 'file:///a');
    await upstream.subscribe(ann, 'file:///b');
    process.kill(upstream.health().pid ?? Number.NaN, 'SIGKILL');
    await vi.waitFor(() => expect(events.filter((event) => event === 'ready')).toHaveLength(2), {
      interval: 5,
      timeout: 5000,
    });
    expect(await seen(stage)).toMatchObject({
      subscriptions: ['+file:///a', '+file:///b'],
      level: 'warning',
    });
    await stage.call('say', { method: 'notifications/resources/updated', params: { uri: 'file:///b' } });
    expect(ann.heard.at(-1)).toEqual({
      method: 'notifications/resources/updated',
      params: { uri: 'file:///b' },
    });
  });

  it('does not start a server again by itself when nothing is followed', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec());
    upstream.attach(ear('ann'));
    await failure(call('crash'));
    expect(upstream.state).toBe('failed');
    expect(upstream.health().starts).toBe(1);
  });
});

describe.concurrent('ManagedUpstream#setLogLevel()', () => {
  const level = async ({ call }: ManagedStage): Promise<string> => JSON.parse(await call('seen')).level;

  it('asks for the most verbose of all wishes, and for less when that one leaves', async ({
    onTestFinished,
  }) => {
    const stage = manage(onTestFinished, stdioSpec());
    const { upstream } = stage;
    const [ann, bob, eve] = [ear('ann'), ear('bob'), ear('eve')];
    upstream.attach(ann);
    const leave = upstream.attach(bob);
    await upstream.setLogLevel(ann, 'error');
    expect(await level(stage)).toBe('error');
    await upstream.setLogLevel(bob, 'debug');
    expect(await level(stage)).toBe('debug');
    await upstream.setLogLevel(ann, 'warning');
    expect(await level(stage)).toBe('debug');
    leave();
    expect(await level(stage)).toBe('warning');
    await upstream.setLogLevel(eve, 'debug');
    expect(await level(stage)).toBe('warning');
  });

  it('asks nothing of a server that has no log messages', async ({ onTestFinished }) => {
    const { fixture, upstream } = await manageHttp(onTestFinished);
    const ann = ear('ann');
    upstream.attach(ann);
    await upstream.setLogLevel(ann, 'debug');
    expect(fixture.count('logging/setLevel')).toBe(0);
  });
});

describe.concurrent('ManagedUpstream#stopIfIdle()', () => {
  const IDLE = { idleMs: 1000 };

  it('stops a server that nobody has used for its time, and starts it again when needed', async ({
    onTestFinished,
  }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], IDLE));
    await call();
    const { pid = 0 } = upstream.health();
    clock.advance(999);
    expect(await upstream.stopIfIdle()).toBe(false);
    expect(upstream.state).toBe('ready');
    clock.advance(1);
    expect(await upstream.stopIfIdle()).toBe(true);
    expect(upstream.state).toBe('idle');
    await expectGone(pid);
    await call();
    expect(upstream.health()).toMatchObject({ state: 'ready', starts: 2 });
  });

  it('counts a stop for idleness as no failure', async ({ onTestFinished }) => {
    const { upstream, clock, events, call } = manage(onTestFinished, stdioSpec([], IDLE));
    for (let n = 0; n < 4; n += 1) {
      await call();
      clock.advance(1000);
      await upstream.stopIfIdle();
    }
    expect(upstream.health()).toMatchObject({ starts: 4, lastError: undefined });
    expect(events).toEqual(['ready', 'ready', 'ready', 'ready']);
  });

  it('does not stop a server with a call in flight, however long that takes', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], IDLE));
    const controller = new AbortController();
    const hanging = failure(call('hang', {}, { signal: controller.signal }));
    await upstream.describe();
    clock.advance(1_000_000);
    expect(await upstream.stopIfIdle()).toBe(false);
    expect(upstream.state).toBe('ready');
    controller.abort();
    await hanging;
    expect(await upstream.stopIfIdle()).toBe(false);
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(true);
  });

  it('does not stop a server while it starts', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], IDLE));
    const reply = call();
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(false);
    expect(await reply).toBe('ok');
  });

  it('keeps a server whose resources are followed, and stops it when they no longer are', async ({
    onTestFinished,
  }) => {
    const { upstream, clock } = manage(onTestFinished, stdioSpec([], IDLE));
    const ann = ear('ann');
    const leave = upstream.attach(ann);
    await upstream.subscribe(ann, 'file:///a');
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(false);
    expect(upstream.state).toBe('ready');
    leave();
    await upstream.unsubscribe(ann, 'file:///a');
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(true);
  });

  it('stops the server but is not empty while somebody listens', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], IDLE));
    const leave = upstream.attach(ear('ann'));
    await call();
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(false);
    expect(upstream.state).toBe('idle');
    leave();
    expect(await upstream.stopIfIdle()).toBe(true);
  });

  it('touch() counts as a use', async ({ onTestFinished }) => {
    const { upstream, clock } = manage(onTestFinished, stdioSpec([], IDLE));
    clock.advance(1000);
    upstream.touch();
    expect(await upstream.stopIfIdle()).toBe(false);
    clock.advance(1000);
    expect(await upstream.stopIfIdle()).toBe(true);
  });

  it('is not empty when a call comes while the server is being stopped', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], IDLE));
    await call();
    clock.advance(1000);
    const stopping = upstream.stopIfIdle();
    const reply = call();
    expect(await stopping).toBe(false);
    expect(await reply).toBe('ok');
  });
});

describe.concurrent('ManagedUpstream#dispose()', () => {
  it('ends the server, rejects what is in flight and refuses what comes', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec());
    const hanging = failure(call('hang'));
    await upstream.describe();
    const { pid = 0 } = upstream.health();
    await upstream[Symbol.asyncDispose]();
    expect((await hanging).code).toBe('UPSTREAM_LOST');
    expect(await isRunning(pid)).toBe(false);
    expect(upstream.state).toBe('closed');
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
    await upstream[Symbol.asyncDispose]();
  });

  it('ends a server that is just starting, without waiting for its handshake', async ({ onTestFinished }) => {
    const { upstream, events, call } = manage(onTestFinished, stdioSpec(['--mute']));
    const reply = failure(call());
    await vi.waitFor(() => expect(upstream.health().starts).toBe(1), { interval: 5 });
    await upstream[Symbol.asyncDispose]();
    expect((await reply).code).toBe('UPSTREAM_UNAVAILABLE');
    expect(events).toEqual([]);
    expect(upstream.state).toBe('closed');
  });

  it('ends a connection to an HTTP server that never answers', async ({ onTestFinished }) => {
    const { fixture, upstream, call } = await manageHttp(onTestFinished, {}, { transport: 'sse' });
    fixture.handle = (_received, response) => void startEvents(response);
    const reply = failure(call());
    const { closed } = await fixture.next(({ method }) => method === 'GET');
    await upstream[Symbol.asyncDispose]();
    expect((await reply).code).toBe('UPSTREAM_UNAVAILABLE');
    await closed;
  });

  it('waits for the end of a server that is being stopped for idleness', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec([], { idleMs: 1000 }));
    await call();
    const { pid = 0 } = upstream.health();
    clock.advance(1000);
    const stopping = upstream.stopIfIdle();
    await upstream[Symbol.asyncDispose]();
    expect(await isRunning(pid)).toBe(false);
    await stopping;
  });

  it('ends a session that was given up but still had a call', async ({ onTestFinished }) => {
    let lost = false;
    const { fixture, upstream, call } = await manageHttp(onTestFinished, {
      session: (n) => `s${n}`,
      onRequest: ({ message, headers }, response) => {
        if (message.params.name === 'hold') startEvents(response);
        else if (lost && headers['mcp-session-id'] === 's1') sendStatus(response, 404);
        else sendJson(response, resultOf(message.id, 'ok'));
      },
    });
    const holding = failure(call('hold'));
    const { closed } = await fixture.next(({ message }) => message?.params?.name === 'hold');
    lost = true;
    await call();
    await upstream[Symbol.asyncDispose]();
    expect((await holding).code).toBe('UPSTREAM_LOST');
    await closed;
    const ends = fixture.received
      .filter(({ method }) => method === 'DELETE')
      .map(({ headers }) => headers['mcp-session-id']);
    expect(new Set(ends)).toEqual(new Set(['s1', 's2']));
  });
});

describe.concurrent('ManagedUpstream#drain()', () => {
  it('lets the calls in flight end, then ends the server', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec());
    const waiting = call('wait', { key: 'k' });
    await upstream.describe();
    const drained = upstream.drain(60_000);
    await call('release', { key: 'k' });
    expect(await waiting).toBe('released k');
    await drained;
    expect(upstream.state).toBe('closed');
  });

  it('ends the server after its time, whatever is in flight', async ({ onTestFinished }) => {
    const { upstream, clock, call } = manage(onTestFinished, stdioSpec());
    const hanging = failure(call('hang'));
    await upstream.describe();
    const drained = upstream.drain(1000);
    clock.advance(1000);
    await drained;
    expect((await hanging).code).toBe('UPSTREAM_LOST');
  });
});

describe.concurrent('ManagedUpstream over HTTP', () => {
  it('hears of changed lists on the stream of the server, and tells its owner', async ({
    onTestFinished,
  }) => {
    const { fixture, events, call } = await manageHttp(onTestFinished, {
      onGet: (_received, response) =>
        sendEvent(startEvents(response), { jsonrpc: '2.0', method: 'notifications/tools/list_changed' }),
    });
    await call();
    await fixture.next(({ method }) => method === 'GET');
    await vi.waitFor(() => expect(events).toEqual(['ready', 'notifications/tools/list_changed']), {
      interval: 5,
    });
  });

  it('serves again when a server that was gone is back', async ({ onTestFinished }) => {
    const { fixture, upstream, clock, call } = await manageHttp(onTestFinished);
    await call();
    await fixture.kill();
    // The first may still take a socket that is closed already.
    await failure(call());
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', mayHaveRun: false });
    await fixture.revive();
    clock.advance(60_000);
    expect(await call()).toBe('ok');
    expect(upstream.state).toBe('ready');
  });
});
