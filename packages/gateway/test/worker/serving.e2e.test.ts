import { describe, expect, it } from 'vitest';
import { fresh, textOf, WanderingClient } from './http.ts';
import { Bench, eventsOf, ownerOf, stop } from './workers-bench.ts';

describe('a gateway with two workers', () => {
  it('writes one chain, whichever worker is called', async () => {
    await using bench = new Bench();
    const { servers, executed } = await bench.counting();
    const workers = await bench.start({ servers });
    const clients = await Promise.all(
      Array.from({ length: 8 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    expect(new Set(clients.map(({ session }) => ownerOf(session)))).toEqual(new Set(['1', '2']));
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => await clients[n % 8]?.callTool('count', { tag: `t${n}` })),
    );
    expect(answers.filter((answer) => answer?.result !== undefined)).toHaveLength(200);
    await stop(workers);
    expect((await executed()).length).toBe(200);
    const calls = await workers.calls();
    expect(calls.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 200 }, () => 'ok'));
    expect(new Set(calls.map(({ call }) => call.slice(0, 7)))).toEqual(new Set(['call-1.', 'call-2.']));
    expect(new Set(calls.map(({ writer }) => writer))).toEqual(new Set(['gateway']));
    expect(await eventsOf(workers)).toEqual(['gateway.started', 'gateway.stopping']);
    await workers.checkChain();
  });

  it('says once that it listens, and is ready', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
    expect(workers.log().match(/listening on/g)).toHaveLength(1);
    for (let n = 0; n < 2; n += 1) {
      const ready = await fresh(`${workers.url}/readyz`, { method: 'GET' });
      expect(JSON.parse(await textOf(ready))).toEqual({ status: 'ready', problems: [] });
      expect(await textOf(await fresh(`${workers.url}/healthz`, { method: 'GET' }))).toContain('ok');
    }
  });

  it('answers with the metrics of all, whichever worker is asked', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
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
    await using bench = new Bench();
    const { servers, executed } = await bench.counting();
    const limits = { principal: { rate: { calls: '30/h', burst: 30 } } };
    const workers = await bench.start({ servers, limits });
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
    await using bench = new Bench();
    const { servers } = await bench.counting(300);
    const limits = { principal: { concurrency: 2 } };
    const workers = await bench.start({ servers, limits });
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => await WanderingClient.open(`${workers.url}/mcp/counting`)),
    );
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(
        clients.map(async (client) => await client.callTool('count', { tag: 't' })),
      );
      expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(2);
    }
  });

  it('gives a guesser no more guesses than one process does (A58)', async () => {
    await using bench = new Bench();
    const workers = await bench.start({ limits: { auth_failures: { calls: '10/h' } } });
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
