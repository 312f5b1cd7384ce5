import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readRequestBody } from '../../../src/door/http/read-body.ts';
import { INTERNAL } from '../../../src/worker/hand-over/internal-headers.ts';
import { WorkerDoor } from '../../../src/worker/hand-over/worker-door.ts';

const TOKEN = 'secret of this start';
const TO_TWO = { 'mcp-session-id': 'ses-2.AAAA' };

type Answer = (request: IncomingMessage, response: ServerResponse, door: WorkerDoor) => Promise<void> | void;

interface Worker {
  readonly door: WorkerDoor;
  readonly server: Server;
  readonly url: string;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup();
  }
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'smcp-door-'));
  cleanups.push(async () => {
    await rm(path, { recursive: true, force: true });
  });
  return path;
}

/** A worker as far as this door goes: connections over the network are admitted, those on its socket are not. */
async function startWorker(path: string, worker: number, answer: Answer, token = TOKEN): Promise<Worker> {
  const door = new WorkerDoor({
    worker,
    workers: 3,
    token,
    socketPath: (k) => join(path, `${k}.sock`),
    source: (request) => request.socket.remoteAddress ?? 'nobody',
  });
  const server = createServer((request, response) => {
    const where = (request.url ?? '').split('?', 1)[0] ?? '';
    void door
      .handle(request, response, where)
      .then((taken) => (taken ? undefined : answer(request, response, door)));
  });
  server.listen(join(path, `${worker}.sock`));
  await once(server, 'listening');
  const front = createNetServer({ pauseOnConnect: true }, (socket) => {
    door.admit(socket);
    server.emit('connection', socket);
    socket.resume();
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  cleanups.push(async () => {
    door[Symbol.dispose]();
    front.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close').catch(() => undefined);
  });
  return { door, server, url: `http://127.0.0.1:${(front.address() as AddressInfo).port}` };
}

const own: Answer = (_request, response) => {
  response.end('own');
};

/** Says what arrived. */
const mirror: Answer = async (request, response, door) => {
  const body = await readRequestBody(request, 1e6);
  const { method, url, rawHeaders } = request;
  response.writeHead(201, { 'content-type': 'application/json', 'x-owner': 'two' });
  response.end(JSON.stringify({ method, url, rawHeaders, body, source: door.sourceOf(request) }));
};

interface Mirrored {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly body: { readonly text?: string };
  readonly source: string;
}

describe('WorkerDoor.handle()', () => {
  it("gives a message of another worker's session to that worker, with the address of the client", async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    await startWorker(path, 2, mirror);
    const answer = await fetch(`${one.url}/mcp/files?x=1`, {
      method: 'POST',
      body: '{"jsonrpc":"2.0"}',
      headers: { ...TO_TWO, authorization: 'Bearer t', 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-owner')).toBe('two');
    const seen = (await answer.json()) as Mirrored;
    expect(seen).toMatchObject({ method: 'POST', url: '/mcp/files?x=1', source: '127.0.0.1' });
    expect(seen.body.text).toBe('{"jsonrpc":"2.0"}');
    expect(seen.rawHeaders).toEqual(expect.arrayContaining(['authorization', 'Bearer t', 'mcp-session-id']));
    expect(seen.rawHeaders).toContain('17');
  });

  it.each([
    ['its own session', '/mcp', { 'mcp-session-id': 'ses-1.AAAA' }],
    ['a session of a gateway that was one process', '/mcp', { 'mcp-session-id': 'ses-AAAA' }],
    ['a session of a worker that there is not', '/mcp', { 'mcp-session-id': 'ses-4.AAAA' }],
    ['no session', '/mcp', {}],
    ['a session at an address that has none', '/metrics', TO_TWO],
    ['a session at an address that has none', '/mcp/../metrics', TO_TWO],
  ])('lets a request with %s through', async (_what, where, headers) => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    await startWorker(path, 2, mirror);
    const url = new URL(one.url);
    const asked = httpRequest({ port: url.port, host: url.hostname, path: where, headers });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect((await answer.toArray()).join('')).toBe('own');
  });

  it('answers that the session is gone when its worker is', async () => {
    const one = await startWorker(await folder(), 1, own);
    const answer = await fetch(`${one.url}/mcp`, { method: 'POST', body: '{}', headers: TO_TWO });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { message: 'Session not found: send initialize again' },
    });
  });

  it('says that the call may have run when the worker goes away before it answers', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    await startWorker(path, 2, (request) => {
      request.socket.destroy();
    });
    const answer = await fetch(`${one.url}/mcp`, { method: 'POST', body: '{}', headers: TO_TWO });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({
      error: { message: 'The process that answered has ended; the request may have run' },
    });
  });

  it('cuts an answer off when the worker goes away in the middle', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    await startWorker(path, 2, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n', () => response.destroy());
    });
    const answer = await fetch(`${one.url}/mcp`, { headers: TO_TWO });
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('passes events on as they come, and the end of the client', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    const opened = Promise.withResolvers<ServerResponse>();
    const closed = Promise.withResolvers<void>();
    await startWorker(path, 2, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      response.once('close', () => {
        closed.resolve();
      });
      opened.resolve(response);
    });
    const client = new AbortController();
    const answer = await fetch(`${one.url}/mcp`, { headers: TO_TWO, signal: client.signal });
    const reader = answer.body?.getReader();
    const stream = await opened.promise;
    for (const event of ['data: a\n\n', 'data: b\n\n']) {
      stream.write(event);
      const { value } = (await reader?.read()) ?? {};
      expect(Buffer.from(value ?? []).toString()).toBe(event);
    }
    client.abort();
    await closed.promise;
  });

  it('sends a body on as it comes', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    const first = Promise.withResolvers<string>();
    await startWorker(path, 2, (request, response) => {
      request.once('data', (chunk: Buffer) => {
        first.resolve(chunk.toString());
      });
      request.once('end', () => response.end('all'));
    });
    const { port, hostname } = new URL(one.url);
    const asked = httpRequest({ port, host: hostname, path: '/mcp', method: 'POST', headers: TO_TWO });
    asked.write('{"first":');
    expect(await first.promise).toBe('{"first":');
    asked.end('1}');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect((await answer.toArray()).join('')).toBe('all');
  });

  it('ends the request at the other worker when the client goes away in the middle of its body', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    const gone = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await startWorker(path, 2, (request) => {
      request.once('data', () => {
        begun.resolve();
      });
      request.once('close', () => {
        gone.resolve();
      });
    });
    const { port, hostname } = new URL(one.url);
    const asked = httpRequest({ port, host: hostname, path: '/mcp', method: 'POST', headers: TO_TWO });
    asked.on('error', () => undefined);
    asked.write('{');
    await begun.promise;
    asked.destroy();
    await expect(gone.promise).resolves.toBeUndefined();
  });

  it('sends no body on that came where none is expected, so that it is never taken for a request', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    const paths: string[] = [];
    await startWorker(path, 2, (request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.end('two');
    });
    const { port, hostname } = new URL(one.url);
    const smuggled = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    const asked = httpRequest({
      port,
      host: hostname,
      path: '/mcp',
      method: 'GET',
      headers: { ...TO_TWO, 'content-length': String(smuggled.length) },
    });
    asked.end(smuggled);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect((await answer.toArray()).join('')).toBe('two');
    await fetch(`${one.url}/mcp`, { method: 'DELETE', headers: TO_TWO });
    expect(paths).toEqual(['GET /mcp', 'DELETE /mcp']);
  });

  it('keeps the wish to close the connection', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    await startWorker(path, 2, (_request, response) => {
      response.writeHead(401, { connection: 'close' }).end();
    });
    const { port, hostname } = new URL(one.url);
    const asked = httpRequest({ port, host: hostname, path: '/mcp', method: 'POST', headers: TO_TWO });
    asked.end('{}');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.headers.connection).toBe('close');
    answer.resume();
  });
});

describe('WorkerDoor, towards internal headers,', () => {
  it('does not believe them over the network, even with the secret, and does not pass them on (A55)', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, mirror);
    await startWorker(path, 2, mirror);
    const lies = { [INTERNAL.token]: TOKEN, [INTERNAL.source]: '203.0.113.9' };
    const direct = (await (await fetch(`${one.url}/mcp`, { headers: lies })).json()) as Mirrored;
    expect(direct.source).toBe('127.0.0.1');
    const passed = await fetch(`${one.url}/mcp`, { headers: { ...lies, ...TO_TWO } });
    const seen = (await passed.json()) as Mirrored;
    expect(seen.source).toBe('127.0.0.1');
    expect(seen.rawHeaders).not.toContain('203.0.113.9');
  });

  it.each([
    ['no secret', {}],
    ['another secret', { [INTERNAL.token]: 'secret of that start' }],
    ['a shorter secret', { [INTERNAL.token]: 'secret' }],
    ['two secrets', { [INTERNAL.token]: [TOKEN, TOKEN] }],
  ])('refuses a request on the private socket with %s (A55)', async (_what, headers) => {
    const path = await folder();
    await startWorker(path, 1, mirror);
    const asked = httpRequest({
      socketPath: join(path, '1.sock'),
      path: '/mcp',
      headers: { ...headers, [INTERNAL.source]: '203.0.113.9' },
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    answer.resume();
  });

  it('does not hand a request over again that another worker has handed over', async () => {
    const path = await folder();
    await startWorker(path, 1, mirror);
    const asked = httpRequest({
      socketPath: join(path, '1.sock'),
      path: '/mcp',
      headers: { ...TO_TWO, [INTERNAL.token]: TOKEN, [INTERNAL.source]: '203.0.113.9' },
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(JSON.parse((await answer.toArray()).join(''))).toMatchObject({ source: '203.0.113.9' });
  });

  it('takes a connection that has lost its address for a public one', async () => {
    const path = await folder();
    const heard = Promise.withResolvers<string>();
    const one = await startWorker(path, 1, (request, response, door) => {
      request.socket.once('close', () => {
        heard.resolve(door.sourceOf(request));
      });
      response.write('x');
    });
    const { port, hostname } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /mcp HTTP/1.1\r\nHost: x\r\n${INTERNAL.token}: ${TOKEN}\r\n${INTERNAL.source}: 203.0.113.9\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.resetAndDestroy();
    expect(await heard.promise).not.toBe('203.0.113.9');
  });
});

describe('WorkerDoor.pass()', () => {
  it('gives a body that has been read already', async () => {
    const passed = Promise.withResolvers<boolean>();
    const path = await folder();
    const one = await startWorker(path, 1, async (request, response, door) => {
      const body = await readRequestBody(request, 1e6);
      passed.resolve(body?.ok === true && (await door.pass(request, response, 2, body.text)));
    });
    await startWorker(path, 2, mirror);
    const answer = await fetch(`${one.url}/mcp`, { method: 'POST', body: '{"text":"größer"}' });
    expect(((await answer.json()) as Mirrored).body.text).toBe('{"text":"größer"}');
    expect(await passed.promise).toBe(true);
  });

  it('says when there is no such worker, and answers nothing', async () => {
    const one = await startWorker(await folder(), 1, async (request, response, door) => {
      response.end(String(await door.pass(request, response, 3, '')));
    });
    expect(await (await fetch(`${one.url}/mcp`, { method: 'POST', body: '{}' })).text()).toBe('false');
  });
});

describe('WorkerDoor.inFlight', () => {
  it('counts messages that another worker answers, and no streams', async () => {
    const path = await folder();
    const one = await startWorker(path, 1, own);
    const asked: ServerResponse[] = [];
    await startWorker(path, 2, (request, response) => {
      request.resume();
      response.writeHead(200).flushHeaders();
      asked.push(response);
    });
    const answers = ['POST', 'GET', 'POST'].map(
      async (method) => await (await fetch(`${one.url}/mcp`, { method, headers: TO_TWO })).text(),
    );
    await expect.poll(() => asked.length).toBe(3);
    expect(one.door.inFlight).toBe(2);
    for (const response of asked) {
      response.end();
    }
    await Promise.all(answers);
    await expect.poll(() => one.door.inFlight).toBe(0);
  });
});

describe('WorkerDoor.ownerOf()', () => {
  it.each([
    ['ses-2.AAAA', 2],
    ['call-3.AAAA', 3],
    ['call-1.AAAA', undefined],
    ['call-4.AAAA', undefined],
    ['call-AAAA', undefined],
    ['', undefined],
  ])('of %j is %s', async (id, owner) => {
    const { door } = await startWorker(await folder(), 1, own);
    expect(door.ownerOf(id)).toBe(owner);
  });
});
