import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RPC_ERRORS } from '@smcp/protocol';
import { joinCalls, readAudit, type CallSummary } from '../../src/audit/index.ts';
import { referenceServer, startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { readEvents } from '../helpers/mcp-client.ts';
import { ModernClient } from '../helpers/modern-client.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const OTHER = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const INFO = 'io.modelcontextprotocol/serverInfo';

const servers = {
  everything: referenceServer('everything', 'stdio'),
  files: referenceServer('filesystem', import.meta.dirname),
  memory: referenceServer('memory'),
};
const keys = {
  api_keys: [
    { name: 'alice', key: KEY, role: 'eng' },
    { name: 'bob', key: OTHER, role: 'limited' },
  ],
};
const roles = {
  eng: { allow: ['everything:*', 'files:*', 'memory:*'], deny: ['everything:get-env'] },
  limited: { allow: ['everything:echo'] },
};

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture({ servers, ...keys, roles });
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function client(path: string, key = KEY, own = fixture): ModernClient {
  return new ModernClient(own.gateway.url + path, key);
}

async function calls(): Promise<CallSummary[]> {
  const found: CallSummary[] = [];
  const directory = fixture.foundation.home.file('audit');
  for await (const call of joinCalls(readAudit({ directory, filter: {} }))) found.push(call);
  return found;
}

const LONG = { name: 'trigger-long-running-operation', arguments: { duration: 0.4, steps: 4 } };

describe('server/discover', () => {
  it('answers from the gateway itself, with what the endpoint offers', async () => {
    const { status, result } = await client('/mcp').request('server/discover');
    expect(status).toBe(200);
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: true }, resources: { listChanged: true, subscribe: true } },
      ttlMs: 60_000,
      cacheScope: 'private',
      _meta: { [INFO]: { name: 'smcp' } },
    });
    expect(String(result?.['instructions'])).toContain('## everything');
  });

  it('names the server where there is one alone', async () => {
    const { result } = await client('/mcp/memory').request('server/discover');
    expect(result).toMatchObject({ _meta: { [INFO]: { name: 'memory-server' } } });
    expect(Object.keys(result?.['capabilities'] ?? {})).not.toContain('prompts');
  });
});

describe('lists', () => {
  it('are what policy lets the caller see, for this caller alone', async () => {
    const { result } = await client('/mcp', OTHER).request('tools/list');
    expect(result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
    expect(result?.['tools']).toMatchObject([{ name: 'everything_echo' }]);
  });

  it.each(['prompts/list', 'resources/list', 'resources/templates/list'])(
    'are unknown where the endpoint does not offer them: %s',
    async (method) => {
      const { status, error } = await client('/mcp/files').request(method);
      expect([status, error?.code]).toEqual([404, RPC_ERRORS.methodNotFound]);
    },
  );

  it('are given whole', async () => {
    const { status, error } = await client('/mcp').request('tools/list', { cursor: 'x' });
    expect([status, error?.code]).toEqual([200, RPC_ERRORS.invalidParams]);
  });
});

describe('calls', () => {
  it('go through in the names of the endpoint, and say who answers [S1-50]', async () => {
    const { id, result } = await client('/mcp').callTool(
      'everything_echo',
      { message: 'hello' },
      { id: 'c-1' },
    );
    expect({ id, result }).toEqual({
      id: 'c-1',
      result: {
        resultType: 'complete',
        content: [{ type: 'text', text: 'Echo: hello' }],
        _meta: { [INFO]: fixtureInfo() },
      },
    });
  });

  it('need no session and make none', async () => {
    const before = fixture.gateway.health().sessions;
    const init = { headers: { 'mcp-session-id': 'ses-of-nobody', 'last-event-id': '7' } };
    const answer = await client('/mcp/everything').post('tools/list', {}, init);
    expect([answer.status, answer.headers.get('mcp-session-id')]).toEqual([200, null]);
    expect(fixture.gateway.health().sessions).toBe(before);
  });

  it('read prompts, resources and completions', async () => {
    const all = client('/mcp/everything');
    expect((await all.request('prompts/get', { name: 'simple-prompt' })).result).toMatchObject({
      resultType: 'complete',
      messages: [{ role: 'user' }],
    });
    const uri = 'demo://resource/static/document/features.md';
    expect((await all.request('resources/read', { uri })).result).toMatchObject({
      contents: [{ uri }],
      ttlMs: 0,
      cacheScope: 'private',
    });
    const completed = await all.request('completion/complete', {
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'E' },
    });
    expect(completed.result).toMatchObject({
      resultType: 'complete',
      completion: { values: ['Engineering'] },
    });
  });

  it('answer what is denied like what does not exist', async () => {
    const all = client('/mcp/everything');
    const [denied, unknown] = [await all.callTool('get-env'), await all.callTool('get-nothing')];
    expect([denied.status, denied.error]).toEqual([
      200,
      { code: RPC_ERRORS.invalidParams, message: 'Unknown tool: get-env' },
    ]);
    expect(unknown.error?.message).toBe('Unknown tool: get-nothing');
    const uri = 'demo://nothing';
    expect((await client('/mcp/everything', OTHER).request('resources/read', { uri })).error).toEqual({
      code: RPC_ERRORS.invalidParams,
      message: `Resource not found: ${uri}`,
      data: { uri },
    });
  });

  it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe', 'x/y'])(
    'know no method %s',
    async (method) => {
      const { status, id, error } = await client('/mcp').request(method, {}, { id: 9 });
      expect([status, id, error?.code]).toEqual([404, 9, RPC_ERRORS.methodNotFound]);
    },
  );

  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])('know no tasks of others: %s', async (method) => {
    const params = { taskId: 'task-of-nobody', inputResponses: {} };
    const without = await client('/mcp').request(method, params);
    expect(without).toMatchObject({
      status: 400,
      error: {
        code: RPC_ERRORS.missingClientCapability,
        data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
      },
    });
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const asked = await client('/mcp').request(method, params, { capabilities });
    expect([asked.status, asked.error]).toEqual([
      200,
      { code: RPC_ERRORS.invalidParams, message: 'Unknown task' },
    ]);
  });
});

describe('what is said during a call', () => {
  it('is progress under the token of the caller, and nothing without one', async () => {
    const one = client('/mcp/everything');
    const [asked, silent] = await Promise.all([
      one.post('tools/call', LONG, { meta: { progressToken: 'p' } }),
      one.post('tools/call', LONG),
    ]);
    const events = readEvents(await asked.text()) as {
      method?: string;
      params?: { progressToken: string };
    }[];
    expect(asked.headers.get('x-accel-buffering')).toBe('no');
    expect(events.map(({ params }) => params?.progressToken)).toEqual(['p', 'p', 'p', 'p', undefined]);
    expect(silent.headers.get('content-type')).toBe('application/json');
    expect(readEvents(await silent.text())).toEqual([]);
  });

  it('ends with the connection of the client, upstream too', async () => {
    const controller = new AbortController();
    const meta = { progressToken: 'leaving' };
    const init = { meta, signal: controller.signal };
    const long = { name: LONG.name, arguments: { duration: 20, steps: 100 } };
    const answer = await client('/mcp/everything').post('tools/call', long, init);
    await (answer.body as ReadableStream<Uint8Array>).getReader().read();
    controller.abort();
    const outcome = async (): Promise<unknown> =>
      (await calls()).findLast(({ name }) => name === LONG.name)?.outcome;
    await expect.poll(outcome).toBe('cancelled');
  });
});

describe('other requests', () => {
  it('a notification is taken and means nothing', async () => {
    const answer = await fetch(`${fixture.gateway.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
      },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }),
    });
    expect([answer.status, await answer.text()]).toEqual([202, '']);
  });

  it.each(['GET', 'DELETE'])('%s is for sessions only', async (method) => {
    const headers = { authorization: `Bearer ${KEY}`, 'mcp-protocol-version': '2026-07-28' };
    const answer = await fetch(`${fixture.gateway.url}/mcp`, { method, headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a client that says neither is told which versions there are', async () => {
    const answer = await fetch(`${fixture.gateway.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/list' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      id: 3,
      error: {
        code: -32022,
        data: { supported: expect.arrayContaining(['2026-07-28', '2025-11-25']) as unknown },
      },
    });
  });

  it('too many calls are told when to come back', async () => {
    await using own = await startFixture({
      servers,
      ...keys,
      roles,
      limits: { principal: { rate: { calls: '1/min' } } },
    });
    const one = client('/mcp/everything', KEY, own);
    await one.callTool('echo', { message: 'x' });
    const answer = await one.post('tools/call', { name: 'echo', arguments: { message: 'x' } });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ error: { code: RPC_ERRORS.rateLimited } });
  });
});

describe('subscriptions/listen', () => {
  const STATIC = 'demo://resource/static/document/features.md';

  it('promises only what the endpoint offers, the policy allows and the server accepts', async () => {
    const all = await client('/mcp/files').listen(
      {
        toolsListChanged: true,
        promptsListChanged: true,
        resourceSubscriptions: ['file:///x'],
        taskIds: ['t'],
      },
      { id: 'l-1' },
    );
    await expect.poll(() => all.messages.length).toBe(1);
    expect(all.messages).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: { toolsListChanged: true }, _meta: { [SUBSCRIPTION]: 'l-1' } },
      },
    ]);
    all.close();
    const wish = { resourceSubscriptions: [STATIC] };
    const allowed = await client('/mcp/everything').listen(wish);
    await expect.poll(() => allowed.messages).toMatchObject([{ params: { notifications: wish } }]);
    allowed.close();
    expect((await calls()).at(-1)).toMatchObject({ method: 'subscriptions/listen', name: STATIC });
  });

  it('ends at once when nothing can be told', async () => {
    const nothing = await client('/mcp/everything', OTHER).listen(
      { resourceSubscriptions: [STATIC] },
      { id: 0 },
    );
    await nothing.ended;
    expect(nothing.messages).toMatchObject([
      { params: { notifications: {}, _meta: { [SUBSCRIPTION]: 0 } } },
      { id: 0, result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: 0, [INFO]: { name: 'smcp' } } } },
    ]);
  });

  it('tells of changes of a resource, and of nothing after the client has gone', async () => {
    const one = client('/mcp/everything');
    const listening = await one.listen({ resourceSubscriptions: [STATIC] }, { id: 5 });
    await expect.poll(() => listening.messages.length).toBe(1);
    await one.callTool('toggle-subscriber-updates');
    await expect
      .poll(() => listening.messages.at(-1), { timeout: 15_000 })
      .toMatchObject({
        method: 'notifications/resources/updated',
        params: { uri: STATIC, _meta: { [SUBSCRIPTION]: 5 } },
      });
    listening.close();
    await one.callTool('toggle-subscriber-updates');
  });

  it.each([
    ['no filter', {}],
    ['a filter of the wrong shape', { notifications: { toolsListChanged: 1 } }],
  ])('refuses %s', async (_name, params) => {
    const { status, error } = await client('/mcp').request('subscriptions/listen', params);
    expect([status, error?.code]).toEqual([200, RPC_ERRORS.invalidParams]);
  });

  it('wants a client that takes streams', async () => {
    const init = { headers: { accept: 'application/json' } };
    const answer = await client('/mcp').request(
      'subscriptions/listen',
      { notifications: { toolsListChanged: true } },
      init,
    );
    expect([answer.status, answer.error?.code]).toEqual([406, RPC_ERRORS.invalidRequest]);
  });

  it('has as much room for a principal as sessions have, and room again afterwards', async () => {
    await using own = await startFixture({
      servers: { memory: servers.memory },
      ...keys,
      roles: { eng: { allow: ['memory:*'] }, limited: { allow: ['memory:*'] } },
      sessions: { max_per_principal: 1 },
    });
    const one = client('/mcp', KEY, own);
    const wish = { toolsListChanged: true };
    const first = await one.listen(wish);
    await expect.poll(() => first.messages.length).toBe(1);
    expect(await one.request('subscriptions/listen', { notifications: wish })).toMatchObject({
      status: 429,
      error: { code: RPC_ERRORS.rateLimited },
    });
    const others = await client('/mcp', OTHER, own).listen(wish);
    expect(others.status).toBe(200);
    first.close();
    others.close();
    await expect
      .poll(async () => {
        const again = await one.listen(wish);
        again.close();
        return again.status;
      })
      .toBe(200);
  });

  it('tells who sees others now of a reload, and ends for who may no longer listen (A50)', async () => {
    const rest = { listen: '127.0.0.1:0', servers: { memory: servers.memory } };
    const as = (eng: string) => ({ eng: { allow: [eng] }, limited: { allow: ['memory:*'] } });
    await using own = await startFixture({ ...rest, ...keys, roles: as('memory:*') });
    const wish = { toolsListChanged: true };
    const [alice, bob] = [client('/mcp/memory', KEY, own), client('/mcp/memory', OTHER, own)];
    await alice.request('tools/list');
    const [changed, same] = [await alice.listen(wish, { id: 1 }), await bob.listen(wish, { id: 2 })];
    await expect.poll(() => [changed, same].map(({ messages }) => messages.length)).toEqual([1, 1]);
    await own.write({ ...rest, ...keys, roles: as('memory:read_*') });
    await own.gateway.reload();
    await expect.poll(() => changed.methods.at(-1)).toBe('notifications/tools/list_changed');
    expect(same.methods).toHaveLength(1);
    await own.write({ ...rest, api_keys: keys.api_keys.slice(0, 1), roles: as('memory:read_*') });
    await own.gateway.reload();
    await same.ended;
    expect(same.messages.at(-1)).toMatchObject({ id: 2, result: { resultType: 'complete' } });
    await own.write({ ...rest, ...keys, servers: { other: servers.memory }, roles: as('other:*') });
    await own.gateway.reload();
    await changed.ended;
    expect(changed.messages.at(-1)).toMatchObject({ id: 1, result: { _meta: { [SUBSCRIPTION]: 1 } } });
  });
});

describe('a gateway that stops', () => {
  it('ends what listens in good order, and lets calls come to their end', async () => {
    const own = await startFixture({ servers, ...keys, roles });
    const one = client('/mcp/everything', KEY, own);
    const listening = await one.listen({ toolsListChanged: true }, { id: 'last' });
    await expect.poll(() => listening.messages.length).toBeGreaterThan(0);
    const call = one.callTool(LONG.name, LONG.arguments);
    await expect.poll(() => own.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0)).toBe(true);
    await sleep(20);
    const stopped = own[Symbol.asyncDispose]();
    await listening.ended;
    expect(listening.messages.at(-1)).toMatchObject({
      id: 'last',
      result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: 'last' } },
    });
    expect((await call).result).toMatchObject({ resultType: 'complete' });
    await stopped;
  });
});

function fixtureInfo(): unknown {
  return { name: 'smcp', version: expect.any(String) as unknown };
}
