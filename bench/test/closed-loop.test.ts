import { describe, expect, it } from 'vitest';
import { LoadError, type BenchClient } from '../load/bench-client.ts';
import { runClosedLoop } from '../load/closed-loop.ts';

const ROUND_MS = 60;

function client(request: (id: number, text: string) => Promise<string>): BenchClient {
  return { request, [Symbol.asyncDispose]: async () => undefined };
}

async function echo(id: number, text: string): Promise<string> {
  const { params } = JSON.parse(text) as {
    readonly params: { readonly arguments: { readonly message: string } };
  };
  await new Promise((resolve) => setImmediate(resolve));
  return JSON.stringify({ id, result: { content: [{ text: `Echo: ${params.arguments.message}` }] } });
}

describe('runClosedLoop()', () => {
  it('counts correct answers and orders the latencies', async () => {
    const figures = await runClosedLoop([client(echo), client(echo)], { next: 1 }, ROUND_MS);
    expect(figures.errors).toEqual({});
    expect(figures.calls).toBeGreaterThan(2);
    expect(figures.callsPerSecond).toBeCloseTo((figures.calls / ROUND_MS) * 1000);
    expect(figures.p50Ms).toBeGreaterThan(0);
    expect(figures.p50Ms).toBeLessThanOrEqual(figures.p90Ms);
    expect(figures.p99Ms).toBeLessThanOrEqual(figures.maxMs);
  });

  it('gives every call an id of its own and goes on where the last round stopped', async () => {
    const seen: number[] = [];
    const ids = { next: 1 };
    const shared = client(async (id, text) => {
      seen.push(id);
      return await echo(id, text);
    });
    await runClosedLoop([shared, shared], ids, ROUND_MS);
    await runClosedLoop([shared, shared], ids, ROUND_MS);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect(ids.next).toBe(seen.length + 1);
  });

  it('has at most one call of a client in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const watched = client(async (id, text) => {
      most = Math.max(most, (inFlight += 1));
      const answer = await echo(id, text);
      inFlight -= 1;
      return answer;
    });
    await runClosedLoop([watched], { next: 1 }, ROUND_MS);
    expect(most).toBe(1);
  });

  it('counts failures and wrong answers by kind, and never as calls', async () => {
    const broken = client(async () => {
      throw new LoadError('HTTP 503');
    });
    const confused = client(async (id, text) => await echo(id + 1, text));
    const figures = await runClosedLoop([broken, confused], { next: 1 }, ROUND_MS);
    expect(figures.calls).toBe(0);
    expect(figures.p50Ms).toBeNaN();
    expect(Object.keys(figures.errors).toSorted()).toEqual(['HTTP 503', 'wrong id']);
    expect(figures.errors['HTTP 503']).toBeLessThan(ROUND_MS / 5);
  });

  it('does not count an answer that comes after the time', async () => {
    const late = client(async (id, text) => {
      await new Promise((resolve) => setTimeout(resolve, ROUND_MS * 2));
      return await echo(id, text);
    });
    expect(await runClosedLoop([late], { next: 1 }, ROUND_MS)).toMatchObject({ calls: 0, errors: {} });
  });

  it('passes on a failure of its own', async () => {
    const faulty = client(async () => {
      throw new RangeError('a mistake in the benchmark');
    });
    await expect(runClosedLoop([faulty], { next: 1 }, ROUND_MS)).rejects.toThrow(RangeError);
  });
});
