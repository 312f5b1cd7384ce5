import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveStdioClient } from '../../../src/door/stdio/open-stdio-door.ts';
import { referenceServer, startFixture, type GatewayFixture } from '../../helpers/gateway-fixture.ts';

type Message = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any
const KEY = 'stdio-test-key-0123456789';
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'lines', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A client that reads and writes lines. */
class LineClient {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly seen: Message[] = [];
  readonly problems: string[] = [];
  readonly done: Promise<void>;
  #waiting: (() => void)[] = [];

  constructor(url: string, maxBytes = 1_000_000) {
    createInterface({ input: this.output }).on('line', (line) => {
      this.seen.push(JSON.parse(line));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.done = serveStdioClient({
      input: this.input,
      output: this.output,
      url: new URL(url),
      token: KEY,
      maxBytes,
      onProblem: (problem) => this.problems.push(problem),
    });
  }

  send(message: unknown): void {
    this.input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  async find(matches: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.seen.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  async request(id: string | number, method: string, params: object = {}): Promise<Message> {
    this.send({ jsonrpc: '2.0', id, method, params });
    return await this.find((message) => message['id'] === id && message['method'] === undefined);
  }

  async handshake(capabilities: object = {}): Promise<Message> {
    const clientInfo = { name: 'lines', version: '1' };
    const answer = await this.request('first', 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities,
      clientInfo,
    });
    this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return answer;
  }

  async end(): Promise<void> {
    this.input.end();
    await this.done;
  }
}

let fixture: GatewayFixture;
let url: string;

beforeAll(async () => {
  fixture = await startFixture({
    servers: { everything: referenceServer('everything') },
    api_keys: [{ name: 'lines', key: KEY, role: 'all' }],
    roles: { all: { allow: ['*:*'] } },
  });
  url = `${fixture.gateway.url}/mcp`;
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

describe('a stdio client of the handshake era', () => {
  it('initializes, lists and calls, with ids of its own kind', async () => {
    const client = new LineClient(url);
    const hello = await client.handshake();
    expect(hello['result'].protocolVersion).toBe('2025-11-25');
    const list = await client.request('a b"c', 'tools/list');
    expect(list['result'].tools.map(({ name }: Message) => name)).toContain('everything_echo');
    const echo = await client.request(7, 'tools/call', {
      name: 'everything_echo',
      arguments: { message: 'line\nfeed' },
    });
    expect(echo['result'].content[0].text).toBe('Echo: line\nfeed');
    await client.end();
    expect(client.problems).toEqual([]);
  });

  it('hears progress of its call, and nothing after it cancels', async () => {
    const client = new LineClient(url);
    await client.handshake();
    const params = {
      name: 'everything_trigger-long-running-operation',
      arguments: { duration: 20, steps: 200 },
      _meta: { progressToken: 'p' },
    };
    client.send({ jsonrpc: '2.0', id: 'long', method: 'tools/call', params });
    await client.find(({ method }) => method === 'notifications/progress');
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'long' } });
    const after = await client.request('next', 'ping');
    expect(after['result']).toEqual({});
    await client.end();
    expect(client.seen.some(({ id }) => id === 'long')).toBe(false);
  });

  it('gets an error for calls before initialize, a line that is no JSON, and one that is too long', async () => {
    const client = new LineClient(url, 5000);
    const early = await client.request(1, 'tools/list');
    expect(early['error'].message).toContain('initialize');
    client.send('{"jsonrpc":');
    client.send(`"${'x'.repeat(6000)}"`);
    await client.find(({ error }) => error?.message.includes('bytes'));
    expect(client.seen.filter(({ id }) => id === null)).toHaveLength(2);
    await client.end();
  });

  it('answers both of two requests that are under way at once, and refuses a third with an id in use', async () => {
    const client = new LineClient(url);
    await client.handshake();
    const call = { name: 'everything_trigger-long-running-operation', arguments: { duration: 1, steps: 1 } };
    const first = client.request('x', 'tools/call', call);
    client.send({ jsonrpc: '2.0', id: 'x', method: 'ping' });
    await client.find(({ id, error }) => id === 'x' && error !== undefined);
    expect(
      (await client.request('y', 'tools/call', { name: 'everything_echo', arguments: { message: 'y' } }))[
        'result'
      ].content[0].text,
    ).toBe('Echo: y');
    await first;
    await client.find(({ id, result }) => id === 'x' && result !== undefined);
    await client.end();
  });
});

describe('a stdio client of 2026-07-28', () => {
  it('discovers, lists and calls without a handshake', async () => {
    const client = new LineClient(url);
    const discovered = await client.request(1, 'server/discover', { _meta: META });
    expect(discovered['result'].supportedVersions).toContain('2026-07-28');
    const echo = await client.request(2, 'tools/call', {
      name: 'everything_echo',
      arguments: { message: 'ü' },
      _meta: META,
    });
    expect(echo['result'].content[0].text).toBe('Echo: ü');
    await client.end();
  });

  it('ends a call by cancelling it', async () => {
    const client = new LineClient(url);
    const params = {
      name: 'everything_trigger-long-running-operation',
      arguments: { duration: 20, steps: 200 },
      _meta: { ...META, progressToken: 1 },
    };
    client.send({ jsonrpc: '2.0', id: 'long', method: 'tools/call', params });
    await client.find(({ method }) => method === 'notifications/progress');
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'long' } });
    const after = await client.request('next', 'server/discover', { _meta: META });
    expect(after['result']).toBeDefined();
    await client.end();
    expect(client.seen.some(({ id }) => id === 'long')).toBe(false);
  });

  it('is told what is wrong with a version that nobody speaks', async () => {
    const client = new LineClient(url);
    const meta = { ...META, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    const answer = await client.request(1, 'tools/list', { _meta: meta });
    expect(answer['error']).toBeDefined();
    await client.end();
  });
});
