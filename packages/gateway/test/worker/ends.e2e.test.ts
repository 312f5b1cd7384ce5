import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fresh, textOf, WanderingClient } from './http.ts';
import { Bench, ownerOf, PATIENT, replaced, stop } from './workers-bench.ts';
import { isAlive } from './workers-fixture.ts';

describe('a worker that is killed', () => {
  it('is replaced; its calls are recorded as unknown, and its servers end', async () => {
    await using bench = new Bench();
    const { servers, executed } = await bench.counting(400);
    const workers = await bench.start({ servers });
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
    const lost = clients.filter(({ session }) => ownerOf(session) === '1');
    expect(lost.length).toBeGreaterThan(0);
    // Those that came to the other worker, and were for it, have noticed nothing.
    expect(answers.some((answer) => answer !== 'lost' && answer.result !== undefined)).toBe(true);
    await replaced(workers, [victim]);
    await expect.poll(() => below.filter(isAlive).length).toBe(1);
    expect(workers.log()).toContain('a worker process ended and is replaced');

    // What lived in it is gone, and its clients are told to begin anew.
    const [gone] = lost;
    const answer = await gone?.send({
      id: 9,
      method: 'tools/call',
      params: { name: 'count', arguments: {} },
    });
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
    const outcomes = (await workers.calls()).map(({ session = '', outcome, error }) => ({
      session,
      outcome,
      error,
    }));
    expect(outcomes.filter(({ outcome }) => outcome === 'open')).toEqual([]);
    const unknown = outcomes.filter(({ outcome }) => outcome === 'unknown');
    expect(unknown).toHaveLength(lost.length);
    expect(new Set(unknown.map(({ session }) => ownerOf(session)))).toEqual(new Set(['1']));
    expect(unknown[0]?.error).toBe('The worker process that made the call ended');
    await workers.checkChain();
  });

  it('gives back the places that its calls held', async () => {
    await using bench = new Bench();
    const { servers, executed } = await bench.counting(60_000);
    const workers = await bench.start({ servers, limits: { principal: { concurrency: 2 } } });
    const clients = await Promise.all([
      WanderingClient.open(`${workers.url}/mcp/counting`),
      WanderingClient.open(`${workers.url}/mcp/counting`),
    ]);
    const controller = new AbortController();
    const hanging = clients.map(async (client) => {
      const params = { name: 'count', arguments: { tag: 'hangs' } };
      await client
        .send({ id: 1, method: 'tools/call', params }, controller.signal)
        .then(textOf)
        .catch(() => undefined);
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
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
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

describe('SIGTERM', () => {
  it('lets calls in flight end, and then everything', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting(800);
    const workers = await bench.start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    // One more connection, so that each call comes to the worker that has not its session.
    (await fresh(`${workers.url}/healthz`, { method: 'GET' })).resume();
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
