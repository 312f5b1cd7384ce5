import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BIG_CHARS, CALLS, callsBody, SCRIPTS, timedCallsBody, WAITS } from '../../codemode/scripts.ts';
import { BENCH_FUNCTIONS, BENCH_TOOLS } from '../../codemode/upstream/bench-tools.mjs';

type Tools = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => Promise<unknown>>>;

/** Runs a body as contenders do; these are our own scripts. */
async function run(body: string, tools: Tools): Promise<unknown> {
  const text = `async (bench) => {\n${body.replace(': number[]', '')}\n}`;
  return await (runInThisContext(text) as (bench: Tools) => Promise<unknown>)(tools);
}

const FAST: Tools = { ...BENCH_FUNCTIONS, wait: async () => 'waited' };

describe('SCRIPTS', () => {
  it.each(Object.entries(SCRIPTS))('%s returns what it has to', async (_name, { body, isRight }) => {
    expect(isRight(await run(body, FAST))).toBe(true);
  });

  it.each([
    ['value', 41],
    ['calls', -1],
    ['calls', '12'],
    ['waits', WAITS + 1],
    ['bigResult', BIG_CHARS - 1],
    ['bigValue', 'x'],
    ['bigValue', BIG_CHARS],
  ] as const)('%s does not take %j', (name, value) => {
    expect(SCRIPTS[name].isRight(value)).toBe(false);
  });

  it('calls fail when an answer is not right', async () => {
    let calls = 0;
    const echo = async ({ message }: Readonly<Record<string, unknown>>): Promise<string> =>
      (calls += 1) === 7 ? 'Echo: something else' : `Echo: ${String(message)}`;
    await expect(run(SCRIPTS.calls.body, { ...FAST, echo })).rejects.toThrow('Wrong answer');
    expect(calls).toBe(7);
  });

  it('calls are so many, and tell their time themselves', async () => {
    let calls = 0;
    const echo = async ({ message }: Readonly<Record<string, unknown>>): Promise<string> => {
      calls += 1;
      return `Echo: ${String(message)}`;
    };
    await run(SCRIPTS.calls.body, { ...FAST, echo });
    expect(calls).toBe(CALLS);
    expect(SCRIPTS.calls.took?.(31)).toBe(31);
    expect(SCRIPTS.value.took).toBeUndefined();
  });

  it('waits are made at the same time', async () => {
    let open = 0;
    let most = 0;
    const wait = async (): Promise<string> => {
      most = Math.max(most, (open += 1));
      await Promise.resolve();
      open -= 1;
      return 'waited';
    };
    await run(SCRIPTS.waits.body, { ...FAST, wait });
    expect(most).toBe(WAITS);
  });
});

describe('callsBody() and timedCallsBody()', () => {
  it('callsBody() makes so many calls and counts right answers', async () => {
    expect(await run(callsBody(3), FAST)).toBe(3);
    expect(await run(callsBody(3), { ...FAST, echo: async () => 'Echo: call 1' })).toBe(1);
  });

  it('timedCallsBody() returns a time for each call', async () => {
    const took = (await run(timedCallsBody(4), FAST)) as readonly number[];
    expect(took).toHaveLength(4);
    expect(took.every((ms) => ms >= 0)).toBe(true);
  });
});

describe('BENCH_TOOLS', () => {
  it('has an implementation for each, and no other', () => {
    expect(BENCH_TOOLS.map(({ name }) => name)).toEqual(Object.keys(BENCH_FUNCTIONS));
  });

  it('takes exactly one argument each, which some contenders pass by its place', () => {
    for (const { inputSchema } of BENCH_TOOLS) {
      expect(Object.keys(inputSchema['properties'] as object)).toEqual(inputSchema['required']);
      expect(inputSchema['required']).toHaveLength(1);
    }
  });
});
