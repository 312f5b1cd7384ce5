import { once } from 'node:events';
import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readRpc } from '../helpers/mcp-client.ts';
import { fresh, freshModern, KEY, WanderingClient } from './http.ts';
import { Bench, eraServer, PATIENT } from './workers-bench.ts';

const CHANGING = fileURLToPath(new URL('../fixtures/changing-server.mjs', import.meta.url));

describe('a session', () => {
  it('is reached over any connection, and ended over any', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
    const client = await WanderingClient.open(`${workers.url}/mcp/counting`);
    for (let n = 0; n < 6; n += 1) {
      expect((await client.callTool('count', { tag: `t${n}` })).result).toBeDefined();
    }
    const { mode } = await stat(join(workers.folder, 'state', 'workers-gateway', '1.sock'));
    expect(mode & 0o777).toBe(0o600);
    expect(await client.end()).toBe(204);
    expect(await client.end()).toBe(404);
    expect(await client.end()).toBe(404);
    const calls = await workers.calls();
    expect(new Set(calls.map(({ session }) => session))).toEqual(new Set([client.session]));
  });

  it('belongs to its principal at every worker (A51)', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const other = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';
    const workers = await bench.start({
      servers,
      api_keys: [
        { name: 'alice', key: KEY, role: 'eng' },
        { name: 'bob', key: other, role: 'eng' },
      ],
    });
    const client = await WanderingClient.open(`${workers.url}/mcp/counting`);
    for (const authorization of [`Bearer ${other}`, `Bearer ${other}`, '', '']) {
      const answer = await fresh(`${workers.url}/mcp/counting`, {
        headers: { 'mcp-session-id': client.session, authorization },
        body: { jsonrpc: '2.0', id: 1, method: 'ping' },
      });
      answer.resume();
      expect(answer.statusCode).toBe(authorization === '' ? 401 : 404);
    }
    for (const guess of ['1', '2']) {
      const authorization = `Bearer smcp_key_${guess.padEnd(43, 'x')}`;
      const headers = { 'mcp-session-id': client.session, authorization };
      (await fresh(`${workers.url}/mcp/counting`, { headers, body: {} })).resume();
    }
    // The address of the client, also where another worker took the request first.
    const logins = (await workers.records()).flatMap(({ entry }) =>
      entry.type === 'auth' ? [entry.source] : [],
    );
    expect(logins).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('has its stream over any connection, event by event, until the client goes', async () => {
    await using bench = new Bench();
    const folder = await bench.folder();
    const file = join(folder, 'tools.json');
    const tools = (...names: string[]): string =>
      JSON.stringify({ tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })) });
    await writeFile(file, tools('one'));
    const workers = await bench.start({
      servers: { changing: { command: process.execPath, args: [CHANGING, file] } },
    });
    const client = await WanderingClient.open(`${workers.url}/mcp/changing`);
    (await client.send({ id: 1, method: 'tools/list' })).resume();
    for (let round = 0; round < 2; round += 1) {
      const controller = new AbortController();
      const stream = await client.stream(controller.signal);
      stream.on('error', () => undefined);
      expect(stream.headers['content-type']).toBe('text/event-stream');
      let heard = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        heard += chunk;
      });
      await writeFile(join(folder, 'next'), tools('one', `more${round}`));
      await rename(join(folder, 'next'), file);
      await expect.poll(() => heard, PATIENT).toContain('notifications/tools/list_changed');
      (await client.send({ id: 2, method: 'tools/list' })).resume();
      controller.abort();
    }
    const last = await client.stream(new AbortController().signal);
    const closed = once(last.resume(), 'close');
    expect(await client.end()).toBe(204);
    await closed;
  });

  it('asks on the stream of a call that came to another worker, and takes the answer over any', async () => {
    await using bench = new Bench();
    const workers = await bench.start({
      servers: { it: eraServer('handshake', { scope: 'session' }) },
    });
    const client = await WanderingClient.open(`${workers.url}/mcp/it`, { elicitation: {} });
    for (let round = 1; round <= 2; round += 1) {
      const answer = await client.send({
        id: round,
        method: 'tools/call',
        params: { name: 'ask_name', arguments: {} },
      });
      let heard = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        heard += chunk;
      });
      await expect.poll(() => heard, PATIENT).toContain('elicitation/create');
      const { id } = readRpc(heard);
      const result = { action: 'accept', content: { name: 'Ada' } };
      const ended = once(answer, 'end');
      const taken = await client.send({ id, result });
      taken.resume();
      expect(taken.statusCode).toBe(202);
      await ended;
      expect(heard).toContain('Ada');
    }
  });
});

describe('a call that waits for its client', () => {
  it('goes on when the client comes back over any connection', async () => {
    await using bench = new Bench();
    const workers = await bench.start({
      servers: { it: eraServer('handshake') },
    });
    const capabilities = { elicitation: { form: {} } };
    const url = `${workers.url}/mcp/it`;
    const owners = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const call = { name: 'ask_name', arguments: {} };
      const asked = await freshModern(url, 'tools/call', call, capabilities);
      expect(asked.result).toMatchObject({ resultType: 'input_required' });
      const { requestState, inputRequests } = asked.result as {
        requestState: string;
        inputRequests: Record<string, object>;
      };
      const [question = ''] = Object.keys(inputRequests);
      // Every second time one more connection, so that each worker gets both kinds of requests.
      if (round % 2 === 0) {
        (await fresh(`${workers.url}/healthz`, { method: 'GET' })).resume();
      }
      const inputResponses = { [question]: { action: 'accept', content: { name: 'Ada' } } };
      const done = await freshModern(
        url,
        'tools/call',
        { ...call, requestState, inputResponses },
        capabilities,
      );
      expect(JSON.stringify(done.result)).toContain('Ada');
    }
    for (const { call, continues } of await workers.calls()) {
      owners.add(call.slice(0, 7));
      expect(continues?.slice(0, 7) ?? call.slice(0, 7)).toBe(call.slice(0, 7));
    }
    expect(owners.size).toBe(2);
  });
});

describe('a task', () => {
  it('is found over any connection, also in a server that each worker has for itself', async () => {
    await using bench = new Bench();
    const workers = await bench.start({ servers: { it: eraServer('modern') } });
    const url = `${workers.url}/mcp/it`;
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    for (let round = 0; round < 2; round += 1) {
      const made = await freshModern(
        url,
        'tools/call',
        { name: 'only_as_task', arguments: {} },
        capabilities,
      );
      const { taskId } = made.result as { taskId: string };
      expect(taskId).toMatch(/^[\w-]{40,}$/);
      for (let n = 0; n < 4; n += 1) {
        const got = await freshModern(url, 'tasks/get', { taskId }, capabilities);
        expect(got.error).toBeUndefined();
        expect(got.result).toMatchObject({ taskId });
      }
      const unknown = await freshModern(url, 'tasks/get', { taskId: `${taskId}x` }, capabilities);
      expect(unknown.error?.message).toBe('Unknown task');
      // One connection more or less, so that the next task is made by the other worker.
      (await fresh(`${workers.url}/healthz`, { method: 'GET' })).resume();
    }
  });
});
