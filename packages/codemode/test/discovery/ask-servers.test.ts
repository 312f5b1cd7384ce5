import { describe, expect, it } from 'vitest';
import { ServerAsker } from '../../src/discovery/ask-servers.ts';
import { tool, fakeHost, type FakeServer } from './fake-host.ts';

function make(servers: readonly FakeServer[], waitMs = 5000) {
  const host = fakeHost(servers);
  let time = 0;
  const asker = new ServerAsker({ host, now: () => time, waitMs, retryMs: 1000 });
  const { signal } = new AbortController();
  return {
    host,
    ask: async (names: readonly string[]) => [...(await asker.ask(names, signal)).keys()],
    asker,
    advance: (ms: number) => {
      time += ms;
    },
  };
}

const never = async (): Promise<never> => await new Promise<never>(() => undefined);
const fail = async (): Promise<never> => {
  throw new Error('Down');
};

describe('ServerAsker#ask()', () => {
  it('asks nobody when there is nobody to ask', async () => {
    const { ask, host } = make([]);
    expect(await ask([])).toEqual([]);
    expect(host.asked).toEqual([]);
  });

  it('gives the tools of each', async () => {
    const { asker } = make([
      { name: 'a', tools: [tool('x')] },
      { name: 'b', tools: [] },
    ]);
    const found = await asker.ask(['a', 'b'], new AbortController().signal);
    expect(found.get('a')).toEqual([tool('x')]);
    expect(found.get('b')).toEqual([]);
  });

  it('leaves out one that fails', async () => {
    const { ask } = make([
      { name: 'a', tools: [], answer: fail },
      { name: 'b', tools: [] },
    ]);
    expect(await ask(['a', 'b'])).toEqual(['b']);
  });

  it('waits for all of them together, not one after another', async () => {
    const { ask } = make(
      Array.from({ length: 8 }, (_, i) => ({ name: `s${i}`, tools: [], answer: never })),
      30,
    );
    const started = performance.now();
    expect(await ask(['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('leaves out those that are late and keeps what came in time', async () => {
    const { ask } = make(
      [
        { name: 'late', tools: [], answer: never },
        { name: 'prompt', tools: [] },
      ],
      20,
    );
    expect(await ask(['late', 'prompt'])).toEqual(['prompt']);
  });

  it('asks sixteen at a time, the others when these are done', async () => {
    let under = 0;
    let most = 0;
    const servers = Array.from({ length: 40 }, (_, i) => ({
      name: `s${i}`,
      tools: [],
      answer: async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setImmediate(resolve));
        under -= 1;
        return [];
      },
    }));
    const { ask } = make(servers);
    expect(await ask(servers.map(({ name }) => name))).toHaveLength(40);
    expect(most).toBe(16);
  });

  it('starts no more when the time is over', async () => {
    const servers = Array.from({ length: 20 }, (_, i) => ({ name: `s${i}`, tools: [], answer: never }));
    const { ask, host } = make(servers, 10);
    await ask(servers.map(({ name }) => name));
    expect(host.asked).toHaveLength(16);
  });

  it('leaves one that failed alone for a while', async () => {
    const { ask, host, advance } = make([{ name: 'a', tools: [], answer: fail }]);
    await ask(['a']);
    advance(999);
    await ask(['a']);
    expect(host.asked).toEqual(['a']);
    advance(1);
    await ask(['a']);
    expect(host.asked).toEqual(['a', 'a']);
  });

  it('ends at once when the script does, and holds it against nobody', async () => {
    const server: FakeServer = { name: 'a', tools: [], answer: never };
    const { asker, ask } = make([server]);
    const controller = new AbortController();
    const asking = asker.ask(['a'], controller.signal);
    controller.abort(new Error('Cancelled'));
    await expect(asking).rejects.toThrow('Cancelled');
    delete server.answer;
    expect(await ask(['a'])).toEqual(['a']);
  });

  it('asks nobody for a script that has ended', async () => {
    const { asker, host } = make([{ name: 'a', tools: [] }]);
    await expect(asker.ask(['a'], AbortSignal.abort(new Error('Over')))).rejects.toThrow('Over');
    expect(host.asked).toEqual([]);
  });
});
