import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinCalls, readAudit, type CallSummary } from '../../src/audit/index.ts';
import { referenceServer, startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { RawClient, readEvents, readRpc } from '../helpers/mcp-client.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const OTHER = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture({
    servers: { everything: referenceServer('everything', 'stdio'), memory: referenceServer('memory') },
    api_keys: [
      { name: 'alice', key: KEY, role: 'eng' },
      { name: 'bob', key: OTHER, role: 'limited' },
    ],
    roles: {
      eng: { allow: ['everything:*', 'memory:*'] },
      limited: {
        allow: [
          'everything:echo',
          'everything:prompts/simple-prompt',
          'everything:resources/demo://resource/static/document/features.md',
        ],
      },
    },
  });
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function connect(path: string, key = KEY): Promise<RawClient> {
  const client = new RawClient(fixture.gateway.url + path, key);
  await client.connect();
  return client;
}

async function calls(): Promise<CallSummary[]> {
  const found: CallSummary[] = [];
  for await (const call of joinCalls(
    readAudit({ directory: fixture.foundation.home.file('audit'), filter: {} }),
  )) {
    found.push(call);
  }
  return found;
}

const LONG = { name: 'everything_trigger-long-running-operation', arguments: { duration: 0.4, steps: 4 } };

describe('the MCP door', () => {
  it('streams progress with the caller’s own token before the answer [S1-50]', async () => {
    const client = await connect('/mcp');
    const answer = await client.post({
      jsonrpc: '2.0',
      id: 'a-1',
      method: 'tools/call',
      params: { ...LONG, _meta: { progressToken: 'mine' } },
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events = readEvents(await answer.text());
    expect(events.slice(0, -1)).toMatchObject(
      [1, 2, 3, 4].map((progress) => ({
        method: 'notifications/progress',
        params: { progressToken: 'mine', progress, total: 4 },
      })),
    );
    expect(events.at(-1)).toMatchObject({ id: 'a-1', result: {} });
  });

  it('answers a client that takes no streams with one JSON body', async () => {
    const client = await connect('/mcp');
    const answer = await client.post(
      { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { ...LONG, _meta: { progressToken: 1 } } },
      { headers: { accept: 'application/json' } },
    );
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(readRpc(await answer.text())).toMatchObject({ id: 7, result: {} });
  });

  it('aborts the upstream call when its client goes away', async () => {
    const client = await connect('/mcp');
    const controller = new AbortController();
    const gone = client.post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { ...LONG, arguments: { duration: 30, steps: 2 } },
      },
      { signal: controller.signal },
    );
    await until(() => fixture.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0));
    controller.abort();
    await expect(gone).rejects.toThrow('aborted');
    await until(() => fixture.gateway.health().upstreams.every(({ inFlight }) => inFlight === 0));
    await sleep(50);
    expect((await calls()).at(-1)).toMatchObject({
      name: 'trigger-long-running-operation',
      outcome: 'cancelled',
    });
  });

  it('cancels by notification, and only the session’s own requests (A80)', async () => {
    const client = await connect('/mcp');
    const stranger = await connect('/mcp', OTHER);
    const answer = client.post({
      jsonrpc: '2.0',
      id: 77,
      method: 'tools/call',
      params: { ...LONG, arguments: { duration: 30, steps: 2 } },
    });
    await until(() => fixture.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0));
    await stranger.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 77 } });
    await sleep(100);
    expect(fixture.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0)).toBe(true);
    await client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 77 } });
    // MCP, cancellation: what was cancelled is not answered.
    expect(readEvents(await (await answer).text())).toEqual([]);
  });

  it('tells a client that takes no streams that its request was cancelled', async () => {
    const client = await connect('/mcp');
    const answer = client.post(
      {
        jsonrpc: '2.0',
        id: 78,
        method: 'tools/call',
        params: { ...LONG, arguments: { duration: 30, steps: 2 } },
      },
      { headers: { accept: 'application/json' } },
    );
    await until(() => fixture.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0));
    await client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 78 } });
    expect(readRpc(await (await answer).text())).toMatchObject({
      id: 78,
      error: { message: 'Cancelled by the caller' },
    });
  });

  it('lists, gets and completes prompts under public names', async () => {
    const client = await connect('/mcp');
    const { prompts } = (await client.request('prompts/list')).result as { prompts: { name: string }[] };
    expect(prompts.map(({ name }) => name)).toContain('everything_simple-prompt');
    expect((await client.request('prompts/get', { name: 'everything_simple-prompt' })).result).toMatchObject({
      messages: [{ role: 'user' }],
    });
    const completed = await client.request('completion/complete', {
      ref: { type: 'ref/prompt', name: 'everything_completable-prompt' },
      argument: { name: 'department', value: 'E' },
    });
    expect(completed.result).toMatchObject({ completion: { values: ['Engineering'] } });
  });

  it('lists and reads resources, also from templates', async () => {
    const client = await connect('/mcp');
    const { resources } = (await client.request('resources/list')).result as { resources: { uri: string }[] };
    const { resourceTemplates } = (await client.request('resources/templates/list')).result as {
      resourceTemplates: { uriTemplate: string }[];
    };
    expect(resourceTemplates.length).toBeGreaterThan(0);
    const [first] = resources;
    expect((await client.request('resources/read', { uri: first?.uri })).result).toMatchObject({
      contents: [{ uri: first?.uri }],
    });
    expect(
      (await client.request('resources/read', { uri: 'demo://resource/dynamic/text/3' })).result,
    ).toMatchObject({ contents: [{}] });
    expect((await client.request('resources/read', { uri: 'file:///etc/passwd' })).error).toEqual({
      code: -32002,
      message: 'Resource not found: file:///etc/passwd',
    });
  });

  it('shows and serves each principal only what its role allows [S1-10]', async () => {
    const bob = await connect('/mcp', OTHER);
    const names = async (method: string, field: string, key: string): Promise<string[]> =>
      (((await bob.request(method)).result ?? {})[field] as Record<string, string>[]).map(
        (item) => item[key] ?? '',
      );
    expect(await names('tools/list', 'tools', 'name')).toEqual(['everything_echo']);
    expect(await names('prompts/list', 'prompts', 'name')).toEqual(['everything_simple-prompt']);
    expect(await names('resources/list', 'resources', 'uri')).toEqual([
      'demo://resource/static/document/features.md',
    ]);
    expect((await bob.request('prompts/get', { name: 'everything_args-prompt' })).error).toMatchObject({
      code: -32602,
    });
    expect(
      (await bob.request('resources/read', { uri: 'demo://resource/static/document/architecture.md' })).error,
    ).toMatchObject({ code: -32002 });
    expect((await bob.callTool('memory_read_graph')).error).toEqual({
      code: -32602,
      message: 'Unknown tool: memory_read_graph',
    });
  });

  it('delivers log messages at the level the client asked for', async () => {
    const alone = await startFixture({
      servers: { everything: referenceServer('everything', 'stdio') },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['everything:*'] } },
    });
    await using _ = alone;
    const client = new RawClient(`${alone.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const controller = new AbortController();
    const stream = await client.stream(controller.signal);
    expect((await client.request('logging/setLevel', { level: 'debug' })).result).toEqual({});
    await client.callTool('toggle-simulated-logging');
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('notifications/message')) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    expect(readEvents(text)).toContainEqual(expect.objectContaining({ method: 'notifications/message' }));
    controller.abort();
  });

  it('follows a resource for a subscriber and stops when asked', async () => {
    const client = await connect('/mcp');
    const uri = 'demo://resource/dynamic/text/1';
    expect((await client.request('resources/subscribe', { uri })).result).toEqual({});
    const controller = new AbortController();
    const stream = await client.stream(controller.signal);
    await client.callTool('everything_toggle-subscriber-updates');
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('resources/updated')) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    expect(text).toContain(uri);
    expect((await client.request('resources/unsubscribe', { uri })).result).toEqual({});
    controller.abort();
  }, 30_000);

  it('a session belongs to its principal and its endpoint (A51)', async () => {
    const client = await connect('/mcp');
    const thief = new RawClient(`${fixture.gateway.url}/mcp`, OTHER, {
      'mcp-session-id': client.session ?? '',
    });
    expect((await thief.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(404);
    const elsewhere = new RawClient(`${fixture.gateway.url}/mcp/everything`, KEY, {
      'mcp-session-id': client.session ?? '',
    });
    expect((await elsewhere.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(404);
    expect(await client.end()).toBe(204);
    expect((await client.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(404);
  });

  it('serves the next call after a server was killed', async () => {
    const client = await connect('/mcp');
    await client.callTool('everything_echo', { message: 'one' });
    const pid = fixture.gateway
      .health()
      .upstreams.find(({ server, pid: known }) => server === 'everything' && known !== undefined)?.pid;
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => fixture.gateway.health().upstreams.every(({ pid: known }) => known !== pid));
    expect((await client.callTool('everything_echo', { message: 'two' })).result).toMatchObject({
      content: [{ text: 'Echo: two' }],
    });
  });

  it('answers health, readiness and metrics', async () => {
    const get = async (path: string): Promise<Response> => await fetch(fixture.gateway.url + path);
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', problems: [] });
    expect(await (await get('/metrics')).text()).toContain('smcp_calls_total{');
  });
});

describe('reload', () => {
  it('takes over a new policy at once, tells clients, and drops no call in flight [S1-21]', async () => {
    const servers = { everything: referenceServer('everything', 'stdio') };
    const api_keys = [{ name: 'alice', key: KEY, role: 'eng' }];
    await using own = await startFixture({ servers, api_keys, roles: { eng: { allow: ['everything:*'] } } });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const controller = new AbortController();
    const stream = await client.stream(controller.signal);
    const running = client.callTool('trigger-long-running-operation', { duration: 1, steps: 2 });
    await until(() => own.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0));
    await own.write({
      listen: '127.0.0.1:0',
      servers,
      api_keys,
      roles: { eng: { allow: ['everything:echo'] } },
    });
    await own.gateway.reload();
    expect((await client.request('tools/list')).result?.['tools']).toMatchObject([{ name: 'echo' }]);
    expect((await client.callTool('get-sum', { a: 1, b: 2 })).error).toMatchObject({ code: -32602 });
    expect((await running).result).toMatchObject({ content: [{ type: 'text' }] });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain(
      'notifications/tools/list_changed',
    );
    controller.abort();
  });

  it('decides a call whose body came slowly by the policy of its end', async () => {
    const servers = { everything: referenceServer('everything', 'stdio') };
    const key = { name: 'alice', key: KEY };
    const roles = { eng: { allow: ['everything:*'] }, low: { allow: ['everything:get-sum'] } };
    await using own = await startFixture({ servers, roles, api_keys: [{ ...key, role: 'eng' }] });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const call = JSON.stringify({
      jsonrpc: '2.0',
      id: 9,
      method: 'tools/call',
      params: { name: 'echo', arguments: { message: 'too late' } },
    });
    const { writable, readable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const answer = fetch(`${own.gateway.url}/mcp/everything`, {
      method: 'POST',
      headers: {
        ...client.headers(),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: readable,
      duplex: 'half',
    });
    await writer.write(new TextEncoder().encode(call.slice(0, 20)));
    await sleep(100);
    await own.write({ listen: '127.0.0.1:0', servers, roles, api_keys: [{ ...key, role: 'low' }] });
    await own.gateway.reload();
    await writer.write(new TextEncoder().encode(call.slice(20)));
    await writer.close();
    const text = await (await answer).text();
    expect(text).not.toContain('too late');
    // Either the session has ended already, or the call is refused.
    expect(readRpc(text).error).toBeDefined();
  });

  it('tells of changed lists those who see others now, and nobody else', async () => {
    const rest = {
      servers: { memory: referenceServer('memory') },
      api_keys: [
        { name: 'alice', key: KEY, role: 'eng' },
        { name: 'bob', key: OTHER, role: 'ops' },
      ],
    };
    const roles = (tools: string) => ({ eng: { allow: [tools] }, ops: { allow: ['memory:*'] } });
    await using own = await startFixture({ ...rest, roles: roles('memory:*') });
    const clients = [KEY, KEY, OTHER].map((key) => new RawClient(`${own.gateway.url}/mcp/memory`, key));
    const [alice, silent, bob] = clients as [RawClient, RawClient, RawClient];
    for (const client of clients) await client.connect();
    for (const client of [alice, bob]) await client.request('tools/list');
    await own.write({ listen: '127.0.0.1:0', ...rest, roles: roles('memory:read_*') });
    await own.gateway.reload();
    const heard = async (client: RawClient): Promise<unknown[]> => {
      const stream = await client.stream(AbortSignal.timeout(10_000));
      setTimeout(() => void client.end(), 300);
      return readEvents(await stream.text());
    };
    const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
    expect(await Promise.all([alice, silent, bob].map(heard))).toEqual([[changed], [], []]);
  });

  it('a bad file changes nothing and says why', async () => {
    await using own = await startFixture({
      servers: { everything: referenceServer('everything', 'stdio') },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['everything:echo'] } },
    });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const good = await readFile(own.file, 'utf8');
    await writeFile(own.file, good.replace('servers:', 'serverz:'));
    await own.gateway.reload();
    expect((await client.callTool('echo', { message: 'still here' })).result).toMatchObject({
      content: [{ text: 'Echo: still here' }],
    });
    expect(own.log()).toContain('did you mean \\"servers\\"');
  });

  it('ends what a removed key has open, within seconds (A50)', async () => {
    const base = {
      servers: { everything: referenceServer('everything', 'stdio') },
      roles: { eng: { allow: ['everything:*'] } },
    };
    await using own = await startFixture({ ...base, api_keys: [{ name: 'alice', key: KEY, role: 'eng' }] });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const stream = await client.stream(AbortSignal.timeout(10_000));
    await own.write({ listen: '127.0.0.1:0', ...base, api_keys: [{ name: 'bob', key: OTHER, role: 'eng' }] });
    await own.gateway.reload();
    expect((await client.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(401);
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    while (!(await reader.read()).done) {
      // Reads on until the gateway ends the stream.
    }
    expect(own.gateway.health().sessions).toBe(0);
  });
});

describe('scope: session', () => {
  it('ends the process of a session with the session', async () => {
    await using own = await startFixture({
      servers: { memory: { ...referenceServer('memory'), scope: 'session' } },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['memory:*'] } },
    });
    const [first, second] = [1, 2].map(() => new RawClient(`${own.gateway.url}/mcp/memory`, KEY));
    await first?.connect();
    await second?.connect();
    await until(() => own.gateway.health().upstreams.length === 2);
    await first?.end();
    await until(() => own.gateway.health().upstreams.length === 1);
    expect((await second?.callTool('read_graph'))?.result).toBeDefined();
  });
});

describe('limits', () => {
  it('refuses with a JSON-RPC error that says when to come back', async () => {
    await using own = await startFixture({
      servers: {
        everything: {
          ...referenceServer('everything', 'stdio'),
          tools: { echo: { rate: { calls: '2/min' } } },
        },
      },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['everything:*'] } },
    });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    await client.callTool('echo', { message: '1' });
    await client.callTool('echo', { message: '2' });
    const third = await client.post({
      jsonrpc: '2.0',
      id: 9,
      method: 'tools/call',
      params: { name: 'echo', arguments: { message: '3' } },
    });
    expect(third.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await third.json()).toMatchObject({
      error: { code: 42901, data: { retryAfterSeconds: expect.any(Number) } },
    });
    expect((await client.callTool('get-sum', { a: 1, b: 2 })).result).toBeDefined();
  });

  it('cuts an answer over the limit, and says that the call ran', async () => {
    await using own = await startFixture({
      servers: { everything: { ...referenceServer('everything', 'stdio'), max_result_bytes: 65_536 } },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['everything:*'] } },
    });
    const client = new RawClient(`${own.gateway.url}/mcp/everything`, KEY);
    await client.connect();
    const huge = await client.callTool('echo', { message: 'x'.repeat(70_000) });
    expect(huge.error).toMatchObject({ code: 50202 });
    expect((await client.callTool('echo', { message: 'small' })).result).toBeDefined();
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 500; waited += 1) {
    if (condition()) {
      return;
    }
    await sleep(20);
  }
  throw new Error('The condition did not come true within 10 s');
}
