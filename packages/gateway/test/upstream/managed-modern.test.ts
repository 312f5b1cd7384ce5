import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import type { RequestOptions } from '../../src/upstream/link.ts';
import { ownRequest } from '../../src/upstream/outgoing-request.ts';
import type { HttpSpec, UpstreamSpec } from '../../src/upstream/upstream-spec.ts';
import type { UpstreamListener } from '../../src/upstream/upstream.ts';
import { callOf } from '../fixtures/call-of.ts';
import { failure } from '../fixtures/failure.ts';
import {
  mcpHandle,
  sendEvent,
  sendStatus,
  startHttpFixture,
  type HttpFixture,
  type Received,
} from '../fixtures/http-fixture.ts';
import { keep, type OnTestFinished } from '../fixtures/keep.ts';
import { LIMITS, manageUpstream, type ManagedStage } from '../fixtures/managed-stage.ts';
import { acknowledge, errorOf, modernHandle, type ModernScript } from '../fixtures/modern-handle.ts';
import { META_SUBSCRIPTION, TASKS } from '../fixtures/modern.ts';
import { modernStdioSpec, stdioSpec } from '../fixtures/stdio-fixture.ts';

const FOLLOW = { resources: { subscribe: true }, ...TASKS };

function manage(onTestFinished: OnTestFinished, spec: UpstreamSpec): ManagedStage {
  return manageUpstream(onTestFinished, spec, {
    toRequest: (name, given) => callOf(name, given),
    ended: ({ code }) => code,
  });
}

async function manageHttp(
  onTestFinished: OnTestFinished,
  script: ModernScript = {},
  change: Partial<HttpSpec> = {},
): Promise<ManagedStage & { fixture: HttpFixture; asked: () => string[] }> {
  const fixture = keep(onTestFinished, await startHttpFixture(modernHandle(script)));
  const spec: HttpSpec = {
    kind: 'http',
    server: 'web',
    era: 'auto',
    mayAsk: [],
    url: fixture.url,
    transport: 'http',
    headers: {},
    startTimeoutMs: 5000,
    maxResultBytes: 100_000,
    idleMs: 60_000,
    ...change,
  };
  const asked = (): string[] => fixture.received.map(({ method, message }) => message?.method ?? method);
  return { ...manage(onTestFinished, spec), fixture, asked };
}

interface Ear extends UpstreamListener {
  readonly heard: { method: string; params: JsonObject }[];
}

function ear(principal: string, asker?: string): Ear {
  const heard: Ear['heard'] = [];
  return { principal, asker, heard, notification: (method, params) => heard.push({ method, params }) };
}

const isListen = ({ message }: Received): boolean => message?.method === 'subscriptions/listen';

describe.concurrent('ManagedUpstream of a modern server', () => {
  it('finds out once what it is, and then only calls', async ({ onTestFinished }) => {
    const { upstream, call, asked } = await manageHttp(onTestFinished);
    expect(await Promise.all([call(), call()])).toEqual(['ok', 'ok']);
    expect((await upstream.describe()).era).toBe('modern');
    expect(asked()).toEqual(['server/discover', 'tools/call', 'tools/call']);
    expect(upstream.health()).toMatchObject({ state: 'ready', starts: 1 });
  });

  it('asks for no log level, for that travels with each call', async ({ onTestFinished }) => {
    const { upstream, asked } = await manageHttp(onTestFinished, { capabilities: { logging: {} } });
    const ann = ear('ann');
    upstream.attach(ann);
    await upstream.setLogLevel(ann, 'debug');
    expect(asked()).toEqual(['server/discover']);
  });

  it('starts a program again that ended, and finds out again what it is', async ({ onTestFinished }) => {
    const { upstream, events, call } = manage(onTestFinished, modernStdioSpec());
    expect(await failure(call('crash'))).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect(await call('echo', { text: 'again' })).toBe('again');
    expect(upstream.health().starts).toBe(2);
    expect(events).toEqual(['ready', 'ended: UPSTREAM_LOST', 'ready']);
  });

  it('tells those who follow a resource of its changes, and asks the server once for several', async ({
    onTestFinished,
  }) => {
    let change: (() => void) | undefined;
    const { fixture, upstream } = await manageHttp(onTestFinished, {
      capabilities: FOLLOW,
      onRequest: (received, response) => {
        acknowledge(received, response);
        const _meta = { [META_SUBSCRIPTION]: received.message.id };
        const params = { uri: 'file:///a', _meta };
        change = () =>
          sendEvent(response, { jsonrpc: '2.0', method: 'notifications/resources/updated', params });
      },
    });
    const [ann, bob, eve] = [ear('ann'), ear('bob'), ear('eve')];
    for (const one of [ann, bob, eve]) upstream.attach(one);
    await Promise.all([upstream.subscribe(ann, 'file:///a'), upstream.subscribe(bob, 'file:///a')]);
    change?.();
    await vi.waitFor(() => expect(bob.heard).toHaveLength(1), { interval: 5 });
    const updated = { method: 'notifications/resources/updated', params: { uri: 'file:///a' } };
    expect([ann.heard, bob.heard, eve.heard]).toEqual([[updated], [updated], []]);
    expect(fixture.received.filter(isListen)).toHaveLength(1);
  });

  it('tells those who follow a task of its news, until they leave', async ({ onTestFinished }) => {
    const { fixture, upstream } = await manageHttp(onTestFinished, {
      capabilities: FOLLOW,
      onRequest: (received, response) => {
        acknowledge(received, response);
        const _meta = { [META_SUBSCRIPTION]: received.message.id };
        for (const taskId of ['t-1', 't-2']) {
          const params = { taskId, status: 'working', _meta };
          sendEvent(response, { jsonrpc: '2.0', method: 'notifications/tasks', params });
        }
      },
    });
    const [ann, bob] = [ear('ann'), ear('bob')];
    const leave = upstream.attach(ann);
    upstream.attach(bob);
    await upstream.followTask(ann, 't-1');
    await vi.waitFor(() => expect(ann.heard).toHaveLength(1), { interval: 5 });
    expect(ann.heard[0]?.params).toEqual({ taskId: 't-1', status: 'working' });
    expect(bob.heard).toEqual([]);
    const { closed } = await fixture.next(isListen);
    leave();
    await closed;
  });

  it('follows no task of a server that has none, or that shakes hands', async ({ onTestFinished }) => {
    const { upstream } = await manageHttp(onTestFinished);
    const other = manage(onTestFinished, stdioSpec()).upstream;
    for (const one of [upstream, other]) {
      const ann = ear('ann');
      one.attach(ann);
      expect((await failure(one.followTask(ann, 't-1'))).code).toBe('UPSTREAM_REFUSED');
    }
  });

  it('asks for everything that was followed with one request when a program started anew', async ({
    onTestFinished,
  }) => {
    const { upstream, call } = manage(onTestFinished, modernStdioSpec());
    const ann = ear('ann');
    upstream.attach(ann);
    const uris = Array.from({ length: 30 }, (_, n) => `file:///${n}`);
    await Promise.all(uris.map(async (uri) => await upstream.subscribe(ann, uri)));
    await failure(call('crash'));
    ann.heard.length = 0;
    await vi.waitFor(() => expect(ann.heard).toHaveLength(30), { interval: 5, timeout: 5000 });
    const { listens } = JSON.parse(await call('seen'));
    expect(listens).toEqual([
      { toolsListChanged: true },
      { toolsListChanged: true, resourceSubscriptions: uris },
    ]);
  });

  it('keeps a server whose tasks are followed, and stops it when they no longer are', async ({
    onTestFinished,
  }) => {
    const { upstream, clock } = await manageHttp(onTestFinished, { capabilities: FOLLOW }, { idleMs: 1000 });
    const ann = ear('ann');
    upstream.attach(ann);
    await upstream.followTask(ann, 't-1');
    clock.advance(1000);
    await upstream.stopIfIdle();
    expect(upstream.state).toBe('ready');
    await upstream.unfollowTask(ann, 't-1');
    clock.advance(1000);
    await upstream.stopIfIdle();
    expect(upstream.state).toBe('idle');
  });
});

describe.concurrent('ManagedUpstream, when a server speaks another version by now', () => {
  it('shakes hands with one that no longer is modern, and sends the call once more', async ({
    onTestFinished,
  }) => {
    const { fixture, upstream, events, call, asked } = await manageHttp(onTestFinished);
    await call();
    fixture.handle = (received, response) =>
      received.message?.method === 'initialize' || received.headers['mcp-session-id'] === 's'
        ? mcpHandle({ session: () => 's' })(received, response)
        : sendStatus(response, 400, errorOf(null, -32_000, 'No valid session ID'));
    expect(await call()).toBe('ok');
    expect((await upstream.describe()).era).toBe('handshake');
    expect(asked().filter((method) => method === 'tools/call')).toHaveLength(3);
    expect(events).toEqual(['ready', 'ended: UPSTREAM_SESSION_LOST', 'ready']);
  });

  it.for([
    ['with sessions', (): string => 's'],
    ['without sessions', undefined],
  ] as const)(
    'finds one modern that shook hands %s, and sends the call once more',
    async ([_how, session], { onTestFinished }) => {
      const { fixture, upstream, call } = await manageHttp(onTestFinished);
      fixture.handle = (received, response) =>
        received.message?.method === 'server/discover'
          ? sendStatus(response, 404)
          : mcpHandle(session === undefined ? {} : { session })(received, response);
      await call();
      expect((await upstream.describe()).era).toBe('handshake');
      const modern = modernHandle();
      fixture.handle = (received, response) =>
        received.message?.params?._meta === undefined || received.headers['mcp-method'] === undefined
          ? sendStatus(
              response,
              400,
              errorOf(received.message?.id, -32_022, 'Version', { supported: ['2026-07-28'] }),
            )
          : modern(received, response);
      // A notification, or the end of a session, may be refused as well; nobody minds.
      expect(await call()).toBe('ok');
      expect((await upstream.describe()).era).toBe('modern');
    },
  );

  it('does not send a call a third time', async ({ onTestFinished }) => {
    const { call, asked } = await manageHttp(onTestFinished, {
      onRequest: (_received, response) => sendStatus(response, 404),
    });
    expect(await failure(call())).toMatchObject({ code: 'UPSTREAM_SESSION_LOST', mayHaveRun: false });
    expect(asked().filter((method) => method === 'tools/call')).toHaveLength(2);
  });

  it('gives the error of a server that knows neither tool nor method as its answer, and stays', async ({
    onTestFinished,
  }) => {
    const { upstream, call, asked } = await manageHttp(onTestFinished, {
      onRequest: ({ message }, response) =>
        sendStatus(response, 404, errorOf(message.id, -32_601, 'Method not found')),
    });
    await expect(call()).rejects.toThrow('Method not found');
    expect(upstream.state).toBe('ready');
    expect(asked()).toEqual(['server/discover', 'tools/call']);
  });
});

describe.concurrent('ManagedUpstream, told of the end of an elicitation', () => {
  it('tells the listeners of that client alone [A52]', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec([], { mayAsk: ['elicitation'] }));
    const [ann, bob] = [ear('same', 'ann'), ear('same', 'bob')];
    for (const one of [ann, bob]) upstream.attach(one);
    const client = {
      asker: 'ann',
      capabilities: {},
      ask: async (): Promise<JsonObject> => ({ action: 'accept' }),
    };
    const params = { mode: 'url', url: 'https://a.example/', message: 'm', elicitationId: 'e-1' };
    expect(await call('ask', { method: 'elicitation/create', params }, { client })).toContain('accept');
    await call('say', { method: 'notifications/elicitation/complete', params: { elicitationId: 'e-1' } });
    expect(ann.heard).toEqual([
      { method: 'notifications/elicitation/complete', params: { elicitationId: 'e-1' } },
    ]);
    expect(bob.heard).toEqual([]);
  });

  it('warns the operator of a server that asks while several clients call', async ({ onTestFinished }) => {
    const { events, call } = manage(onTestFinished, stdioSpec([], { mayAsk: ['roots'] }));
    const client = (asker: string): RequestOptions['client'] => ({ asker, capabilities: {} });
    const waiting = call('wait', { key: 'k' }, { client: client('bob') });
    const asking = call('ask', { method: 'roots/list' }, { client: client('ann') });
    expect(await asking).toContain('set scope: session');
    await call('release', { key: 'k' });
    await waiting;
    expect(events).toEqual([
      'ready',
      'warning: Server "files" asked something while calls of several clients were under way; set scope: session',
    ]);
  });

  it('tells a server that the folders of its one client changed', async ({ onTestFinished }) => {
    const { upstream, call } = manage(onTestFinished, stdioSpec([], { mayAsk: ['roots'] }));
    const client = { asker: 'ann', capabilities: {} };
    upstream.rootsChanged('ann');
    await call('echo', { text: 'x' }, { client });
    upstream.rootsChanged('ann');
    await upstream.request(ownRequest('tools/call', { name: 'seen' }), LIMITS);
    expect(JSON.parse(await call('seen')).told).toEqual(['notifications/roots/list_changed']);
  });
});
