import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readRpc } from '../helpers/mcp-client.ts';
import { fresh, freshModern, KEY, textOf, WanderingClient } from './http.ts';
import { isAlive, startWorkers, type Workers } from './workers-fixture.ts';

const COUNTING = fileURLToPath(new URL('../fixtures/counting-server.mjs', import.meta.url));
const CHANGING = fileURLToPath(new URL('../fixtures/changing-server.mjs', import.meta.url));
const ASKING = fileURLToPath(new URL('../eras/server/program.ts', import.meta.url));

/** A busy machine takes its time to start processes. */
const PATIENT = { timeout: 60_000 };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup();
  }
});

async function start(config: object): Promise<Workers> {
  const workers = await startWorkers(config);
  cleanups.push(async () => {
    await workers[Symbol.asyncDispose]();
  });
  return workers;
}

/** A server that takes `delayMs` for each call and writes down which it has executed. */
async function counting(delayMs = 0): Promise<{ readonly servers: object; readonly executed: () => Promise<string[]> }> {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(join(tmpdir(), 'smcp-counting-'));
  cleanups.push(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'executed');
  await writeFile(file, '');
  return {
    servers: { counting: { command: process.execPath, args: [COUNTING, file, String(delayMs)] } },
    executed: async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}

async function stop(workers: Workers): Promise<void> {
  workers.signal('SIGTERM');
  expect(await workers.ended()).toBe(0);
}

/** Waits until others serve in the place of these. */
async function replaced(workers: Workers, victims: readonly number[]): Promise<void> {
  await expect.poll(() => victims.filter(isAlive), PATIENT).toEqual([]);
  await expect
    .poll(async () => {
      const answer = await fresh(`${workers.url}/readyz`, { method: 'GET' }).then(textOf, String);
      return answer;
    }, PATIENT)
    .toBe('{"status":"ready","problems":[]}');
}

/** What was recorded of the gateway as a whole. */
async function eventsOf(workers: Workers): Promise<readonly string[]> {
  const events = (await workers.records()).flatMap(({ entry }) => (entry.type === 'system' ? [entry.event] : []));
  return events.filter((event) => !event.startsWith('definitions.'));
}

const workerOf = (session: string): string | undefined => /^ses-(\d+)-/.exec(session)?.[1];

describe('a gateway with two workers', () => {
  it('writes one chain, whichever worker is called', async () => {
    const { servers, executed } = await counting();
    const workers = await start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 8 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    expect(new Set(clients.map(({ session }) => workerOf(session)))).toEqual(new Set(['1', '2']));
    const answers = await Promise.all(
      Array.from(
        { length: 200 },
        async (_, n) => await clients[n % 8]?.callTool('count', { tag: `t${n}` }),
      ),
    );
    expect(answers.filter((answer) => answer?.result !== undefined)).toHaveLength(200);
    await stop(workers);
    expect((await executed()).length).toBe(200);
    const calls = await workers.calls();
    expect(calls.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 200 }, () => 'ok'));
    expect(new Set(calls.map(({ call }) => call.slice(0, 7)))).toEqual(new Set(['call-1-', 'call-2-']));
    expect(new Set(calls.map(({ writer }) => writer))).toEqual(new Set(['gateway']));
    expect(await eventsOf(workers)).toEqual(['gateway.started', 'gateway.stopping']);
    await workers.checkChain();
  });

  it('says once that it listens, and is ready', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
    expect(workers.log().match(/listening on/g)).toHaveLength(1);
    for (let n = 0; n < 2; n += 1) {
      const ready = await fresh(`${workers.url}/readyz`, { method: 'GET' });
      expect(JSON.parse(await textOf(ready))).toEqual({ status: 'ready', problems: [] });
      expect(await textOf(await fresh(`${workers.url}/healthz`, { method: 'GET' }))).toContain('ok');
    }
  });

  it('answers with the metrics of all, whichever worker is asked', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
    for (let n = 0; n < 2; n += 1) {
      const text = await textOf(await fresh(`${workers.url}/metrics`, { method: 'GET' }));
      expect(text).toMatch(/^smcp_sessions\{worker="1"\} 0$/m);
      expect(text).toMatch(/^smcp_sessions\{worker="2"\} 0$/m);
      expect(text.match(/^# TYPE smcp_sessions gauge$/gm)).toHaveLength(1);
      expect(text).toMatch(/^smcp_workers 2$/m);
      expect(text).toMatch(/^process_resident_memory_bytes\{worker="2"\} \d+$/m);
    }
  });

  it('holds a rate exactly', async () => {
    const { servers, executed } = await counting();
    const limits = { principal: { rate: { calls: '30/h', burst: 30 } } };
    const workers = await start({ servers, limits });
    const clients = await Promise.all(
      Array.from({ length: 6 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    const answers = await Promise.all(
      Array.from({ length: 120 }, async (_, n) => await clients[n % 6]?.callTool('count', { tag: `t${n}` })),
    );
    expect(answers.filter((answer) => answer?.result !== undefined)).toHaveLength(30);
    expect(answers.filter((answer) => answer?.error?.code === 42901)).toHaveLength(90);
    expect(await executed()).toHaveLength(30);
  });

  it('holds the number of calls at a time, and gives places back', async () => {
    const { servers } = await counting(300);
    const limits = { principal: { concurrency: 2 } };
    const workers = await start({ servers, limits });
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(clients.map(async (client) => await client.callTool('count', { tag: 't' })));
      expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(2);
    }
  });

  it('gives a guesser no more guesses than one process does (A58)', async () => {
    const workers = await start({ limits: { auth_failures: { calls: '10/h' } } });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const authorization = `Bearer smcp_key_${String(n).padEnd(43, 'x')}`;
        const answer = await fresh(`${workers.url}/mcp`, { headers: { authorization }, body: {} });
        answer.resume();
        return answer.statusCode;
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
  });
});

describe('a session', () => {
  it('is reached over any connection, and ended over any', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
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
    const { servers } = await counting();
    const other = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';
    const workers = await start({
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
  });

  it('has its stream over any connection, event by event, until the client goes', async () => {
    const { mkdtemp, rename, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(join(tmpdir(), 'smcp-changing-'));
    cleanups.push(async () => {
      await rm(folder, { recursive: true, force: true });
    });
    const file = join(folder, 'tools.json');
    const tools = (...names: string[]): string =>
      JSON.stringify({ tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })) });
    await writeFile(file, tools('one'));
    const workers = await start({
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
    last.resume();
    expect(await client.end()).toBe(204);
    await once(last, 'close');
  });

  it('asks on the stream of a call that came to another worker, and takes the answer over any', async () => {
    const workers = await start({
      servers: { it: { command: process.execPath, args: [ASKING, 'handshake', 'stdio'] , scope: 'session' } },
    });
    const client = await WanderingClient.open(`${workers.url}/mcp/it`, { elicitation: {} });
    for (let round = 1; round <= 2; round += 1) {
      const answer = await client.send({ id: round, method: 'tools/call', params: { name: 'ask_name', arguments: {} } });
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
    const workers = await start({
      servers: { it: { command: process.execPath, args: [ASKING, 'handshake', 'stdio'] } },
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
      const done = await freshModern(url, 'tools/call', { ...call, requestState, inputResponses }, capabilities);
      expect(JSON.stringify(done.result)).toContain('Ada');
    }
    for (const { call, continues } of await workers.calls()) {
      owners.add(call.slice(0, 7));
      expect(continues?.slice(0, 7) ?? call.slice(0, 7)).toBe(call.slice(0, 7));
    }
    expect(owners.size).toBe(2);
  });
});

describe('a worker that is killed', () => {
  it('is replaced; its calls are recorded as unknown, and its servers end', async () => {
    const { servers, executed } = await counting(400);
    const workers = await start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 8 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    await Promise.all(clients.map(async (client) => await client.callTool('count', { tag: 'first' })));
    const [victim = 0, survivor = 0] = await workers.workerPids();
    const below = (await workers.descendants()).filter((pid) => pid !== victim && pid !== survivor);
    expect(below).toHaveLength(2);
    const calls = clients.map(
      async (client) => await client.callTool('count', { tag: client.session }).catch(() => 'lost' as const),
    );
    await expect.poll(async () => (await executed()).length).toBe(16);
    process.kill(victim, 'SIGKILL');
    const answers = await Promise.all(calls);
    const lost = clients.filter(({ session }) => workerOf(session) === '1');
    expect(lost.length).toBeGreaterThan(0);
    for (const [at, answer] of answers.entries()) {
      const session = clients[at]?.session ?? '';
      if (workerOf(session) === '2' && answer !== 'lost') {
        expect(answer.result).toBeDefined();
      }
    }
    await replaced(workers, [victim]);
    await expect.poll(() => below.filter(isAlive).length).toBe(1);
    expect(workers.log()).toContain('a worker process ended and is replaced');

    // What lived in it is gone, and its clients are told to begin anew.
    const [gone] = lost;
    const answer = await gone?.send({ id: 9, method: 'tools/call', params: { name: 'count', arguments: {} } });
    answer?.resume();
    expect(answer?.statusCode).toBe(404);
    const again = await Promise.all([
      WanderingClient.open(`${workers.url}/mcp/counting`),
      WanderingClient.open(`${workers.url}/mcp/counting`),
    ]);
    for (const client of again) {
      expect((await client.callTool('count', { tag: 'again' })).result).toBeDefined();
    }
    await stop(workers);
    const outcomes = (await workers.calls()).map(({ session = '', outcome, error }) => ({ session, outcome, error }));
    expect(outcomes.filter(({ outcome }) => outcome === 'open')).toEqual([]);
    const unknown = outcomes.filter(({ outcome }) => outcome === 'unknown');
    expect(unknown).toHaveLength(lost.length);
    expect(new Set(unknown.map(({ session }) => workerOf(session)))).toEqual(new Set(['1']));
    expect(unknown[0]?.error).toBe('The worker process that made the call ended');
    await workers.checkChain();
  });

  it('gives back the places that its calls held', async () => {
    const { servers, executed } = await counting(60_000);
    const workers = await start({ servers, limits: { principal: { concurrency: 2 } } });
    const clients = await Promise.all([
      WanderingClient.open(`${workers.url}/mcp/counting`),
      WanderingClient.open(`${workers.url}/mcp/counting`),
    ]);
    const controller = new AbortController();
    const hanging = clients.map(async (client) => {
      const params = { name: 'count', arguments: { tag: 'hangs' } };
      await client.send({ id: 1, method: 'tools/call', params }, controller.signal).then(textOf).catch(() => undefined);
    });
    await expect.poll(async () => (await executed()).length).toBe(2);
    const victims = await workers.workerPids();
    for (const pid of victims) {
      process.kill(pid, 'SIGKILL');
    }
    await replaced(workers, victims);
    const next = await WanderingClient.open(`${workers.url}/mcp/counting`);
    void next.callTool('count', { tag: 'next' }).catch(() => undefined);
    await expect.poll(async () => (await executed()).length, PATIENT).toBe(3);
    controller.abort();
    await Promise.all(hanging);
  });
});

describe('a primary that is killed', () => {
  it('leaves no process and no socket behind', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    await Promise.all(clients.map(async (client) => await client.callTool('count', { tag: 't' })));
    const below = await workers.descendants();
    expect(below).toHaveLength(4);
    workers.signal('SIGKILL');
    await workers.ended();
    await expect.poll(() => below.filter(isAlive), PATIENT).toEqual([]);
    expect(existsSync(join(workers.folder, 'state', 'workers-gateway'))).toBe(false);
  });
});

describe('reload', () => {
  it('reaches every worker, and a bad file none', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
    const url = `${workers.url}/mcp/counting`;
    const clients = await Promise.all([WanderingClient.open(url), WanderingClient.open(url)]);
    expect(new Set(clients.map(({ session }) => workerOf(session))).size).toBe(2);
    const codes = async () =>
      await Promise.all(clients.map(async (client) => (await client.callTool('count', { tag: 't' })).error?.code));
    expect(await codes()).toEqual([undefined, undefined]);

    await writeFile(join(workers.folder, 'smcp.yaml'), 'workers: many');
    workers.signal('SIGHUP');
    await expect.poll(() => workers.log()).toContain('configuration not taken over');
    expect(await codes()).toEqual([undefined, undefined]);

    await workers.write({ servers, roles: { eng: { allow: ['counting:*'], deny: ['counting:count'] } } });
    workers.signal('SIGHUP');
    await expect.poll(async () => await codes(), PATIENT).toEqual([-32602, -32602]);

    expect(await eventsOf(workers)).toEqual(['gateway.started', 'config.reloaded']);
    expect(workers.log().match(/loaded 1 role: eng/g)).toHaveLength(2);
  });

  it('changes the limits that workers share', async () => {
    const { servers } = await counting();
    const workers = await start({ servers });
    const client = await WanderingClient.open(`${workers.url}/mcp/counting`);
    expect((await client.callTool('count', { tag: 't' })).result).toBeDefined();
    await workers.write({ servers, limits: { principal: { rate: { calls: '1/h' } } } });
    workers.signal('SIGHUP');
    await expect.poll(async () => (await workers.records()).length).toBeGreaterThan(3);
    await sleep(100);
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => await client.callTool('count', { tag: 't' })),
    );
    expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(1);
  });
});

describe('SIGTERM', () => {
  it('lets calls in flight end, and then everything', async () => {
    const { servers } = await counting(800);
    const workers = await start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    const calls = clients.map(async (client) => await client.callTool('count', { tag: client.session }));
    await expect.poll(async () => (await workers.calls()).length).toBe(4);
    const below = await workers.descendants();
    workers.signal('SIGTERM');
    for (const answer of await Promise.all(calls)) {
      expect(answer.result).toBeDefined();
    }
    expect(await workers.ended()).toBe(0);
    expect(below.filter(isAlive)).toEqual([]);
    expect(existsSync(join(workers.folder, 'state', 'workers-gateway'))).toBe(false);
    expect((await workers.calls()).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    await workers.checkChain();
  });
});
