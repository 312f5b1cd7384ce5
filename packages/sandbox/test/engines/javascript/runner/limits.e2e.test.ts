import { describe, expect, it } from 'vitest';
import { startRunner, type RunSettings, type Told } from './start-runner.ts';

const FLAGS = [[['--jitless']], [[]]];

/** Runs a script in a runner of its own; gives how it ended, and whether the process ended with it. */
async function alone(flags: readonly string[], code: string, settings: RunSettings = {}) {
  await using runner = startRunner(flags);
  await runner.ready;
  const told = await runner.run(code, { ...settings, limits: { cpuMs: 300, ...settings.limits } });
  const waited = new Promise<'alive'>((resolve) => {
    setTimeout(() => resolve('alive'), 2000);
  });
  const isForced = !['ok', 'error'].includes(told.status);
  const end = isForced ? await Promise.race([runner.exited.then(() => 'ended' as const), waited]) : 'alive';
  return { ...told, end } satisfies Told & { end: string };
}

describe.each(FLAGS)('limits of a runner with flags %j', (flags: string[]) => {
  it.each([
    ['a loop', 'for (;;);'],
    ['a loop after an await', 'await call("x"); for (;;);'],
    ['a flood of microtasks', 'const f = () => Promise.resolve().then(f); f(); await new Promise(() => {})'],
    ['a regular expression', '/(a+)+$/.test("a".repeat(40) + "b")'],
    ['a timer that loops', 'setTimeout(() => { for (;;); }, 1); await new Promise(() => {})'],
    ['a getter in the result', 'return { get a() { for (;;); } }'],
    ['a toJSON in the result', 'return { toJSON() { for (;;); } }'],
    [
      'a message that is computed',
      'throw Object.defineProperty(new Error("a"), "message", { get() { for (;;); } })',
    ],
    ['a proxy that is printed', 'console.log(new Proxy({}, { ownKeys() { for (;;); } }))'],
    ['sorting', 'const a = Array.from({ length: 1e6 }, (_, i) => -i); for (;;) a.sort(() => 1)'],
    ['parsing of URLs', 'for (;;) new URL("http://a.example/b?c=d")'],
  ])('cpuMs stops %s', async (_what, code) => {
    const told = await alone(flags, code, { limits: { cpuMs: 200 } });
    expect(told).toMatchObject({ status: 'timeout', limit: 'cpuMs', end: 'ended' });
    expect(told.cpuMs).toBeGreaterThanOrEqual(200);
    expect(told.tookMs).toBeLessThan(5000);
  });

  it('ends its process when V8 does not look up from its work', async () => {
    const told = await alone(flags, 'let x = 3n; for (let i = 0; i < 40; i += 1) x = x * x; return 1');
    expect(told).toMatchObject({ status: 'timeout', limit: 'cpuMs', end: 'ended' });
  });

  it.each([
    ['arrays', 'const a = []; for (;;) a.push(new Array(1000).fill(1))'],
    ['objects', 'const a = []; for (let i = 0; ; i += 1) a.push({ i, a: { b: i } })'],
    ['texts', 'const a = []; for (let i = 0; ; i += 1) a.push(`${i}`.repeat(1000).split(""))'],
  ])('heapBytes stops %s', async (_what, code) => {
    const told = await alone(flags, code, {
      language: 'javascript',
      limits: { heapBytes: 16 << 20, cpuMs: 20_000 },
    });
    expect(['memory', 'died']).toContain(told.status);
    expect(told.end).toBe('ended');
  });

  it.each([
    [
      'typed arrays',
      'const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))',
      'Array buffer allocation failed',
    ],
    ['one text', 'let s = "x"; for (;;) s += s', 'Invalid string length'],
  ])('heapBytes lets no script have %s over it', async (_what, code, message) => {
    expect(await alone(flags, code, { language: 'javascript', limits: { cpuMs: 20_000 } })).toMatchObject({
      status: 'error',
      error: { name: 'RangeError', message },
    });
  });

  it('calls ends a run at one too many, before it is sent', async () => {
    const told = await alone(flags, 'for (let i = 0; i < 300_000; i += 1) call("x", i)', {
      limits: { calls: 50 },
      answer: () => undefined,
    });
    expect(told).toMatchObject({ status: 'limit', limit: 'calls', end: 'ended' });
    expect(told.calls.length).toBeLessThanOrEqual(16);
  });

  it('callInputBytes ends a run, on either side of the bound', async () => {
    expect(
      await alone(flags, 'await call("x", "€".repeat(33)); return 1', { limits: { callInputBytes: 101 } }),
    ).toMatchObject({
      status: 'ok',
    });
    const over = await alone(flags, 'await call("x", "€".repeat(33)); return 1', {
      limits: { callInputBytes: 100 },
    });
    expect(over).toMatchObject({ status: 'limit', limit: 'callInputBytes', calls: [] });
  });

  it('resultBytes ends a run, on either side of the bound', async () => {
    expect(await alone(flags, 'return "€".repeat(33)', { limits: { resultBytes: 101 } })).toMatchObject({
      status: 'ok',
    });
    expect(await alone(flags, 'return "€".repeat(33)', { limits: { resultBytes: 100 } })).toMatchObject({
      status: 'limit',
      limit: 'resultBytes',
      end: 'ended',
    });
  });

  it('resultBytes also stands where no frame could hold the result', async () => {
    const told = await alone(flags, 'return "\\\\".repeat(6e6)', {
      limits: { resultBytes: 64 << 20, cpuMs: 10_000 },
    });
    expect(told).toMatchObject({ status: 'limit', limit: 'resultBytes' });
  });

  it('outputBytes ends a run at ten times as much', async () => {
    expect(
      await alone(flags, 'console.log("x".repeat(999)); return 1', { limits: { outputBytes: 100 } }),
    ).toMatchObject({
      status: 'ok',
    });
    const over = await alone(flags, 'for (;;) console.log("x".repeat(99))', { limits: { outputBytes: 100 } });
    expect(over).toMatchObject({ status: 'limit', limit: 'outputBytes', end: 'ended' });
    expect(over.stdout).toHaveLength(1000);
  });

  it('outputBytes ends a run that prints one huge text', async () => {
    const told = await alone(flags, 'console.log("x".repeat(5e8))', {
      limits: { outputBytes: 1 << 20, cpuMs: 10_000 },
    });
    expect(told).toMatchObject({ status: 'limit', limit: 'outputBytes' });
  });

  it('sourceBytes refuses a script unread', async () => {
    expect(
      await alone(flags, `return 1 // ${'€'.repeat(400)}`, { limits: { sourceBytes: 1000 } }),
    ).toMatchObject({
      status: 'limit',
      limit: 'sourceBytes',
    });
  });

  it.each([
    ['parentheses', '('.repeat(200_000)],
    ['arrows', 'a=>'.repeat(60_000)],
    ['brackets in JavaScript', '['.repeat(200_000), 'javascript' as const],
    ['additions', `1${'+1'.repeat(100_000)}`],
    ['members', `a${'.a'.repeat(60_000)}`],
  ])(
    'a bomb of %s is an error and no more',
    async (_what, code, language: 'typescript' | 'javascript' = 'typescript') => {
      const told = await alone(flags, code, { language, limits: { cpuMs: 20_000 } });
      expect(['ok', 'error']).toContain(told.status);
    },
  );

  it('a result that is nested deep is an error and no more', async () => {
    const told = await alone(flags, 'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; return a', {
      language: 'javascript',
      limits: { cpuMs: 10_000 },
    });
    expect(told).toMatchObject({ status: 'error', error: { name: 'TypeError' } });
  });

  it('many rejections are told of by a few lines', async () => {
    const told = await alone(
      flags,
      'for (let i = 0; i < 2000; i += 1) Promise.reject(new Error("x".repeat(1e4))); return 1',
    );
    expect(told).toMatchObject({ status: 'ok', result: 1 });
    expect(told.stderr.length).toBeLessThan(20_000);
  });
});

describe('a runner', () => {
  it('answers to its host while a script loops', async () => {
    await using runner = startRunner(['--jitless']);
    await runner.ready;
    const stopped = await runner.run('for (;;);', {
      limits: { cpuMs: 20_000 },
      started: (run) => setTimeout(() => runner.send({ type: 'stop', run }), 200),
    });
    expect(stopped.tookMs).toBeLessThan(2000);
  });

  it('ends when its host is gone', async () => {
    await using runner = startRunner([]);
    await runner.ready;
    runner.closeChannel();
    expect(await runner.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  it('ends when its host is gone while a script loops', async () => {
    await using runner = startRunner(['--jitless']);
    await runner.ready;
    const run = runner.run('for (;;);', {
      limits: { cpuMs: 60_000 },
      started: () => setTimeout(runner.closeChannel, 100),
    });
    expect(await runner.exited).toMatchObject({ signal: 'SIGKILL' });
    expect((await run).status).toBe('died');
  });

  it.each([
    ['a length over the bound', Buffer.of(0xff, 0xff, 0xff, 0xff)],
    ['what is not JSON', Buffer.of(1, 0, 0, 0, 0x7b)],
  ])('ends at %s', async (_what, bytes) => {
    await using runner = startRunner([]);
    await runner.ready;
    runner.sendBytes(bytes);
    expect(await runner.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  it('ends when it is given two scripts at a time', async () => {
    await using runner = startRunner([]);
    await runner.ready;
    const first = runner.run('await new Promise(() => {})');
    const second = runner.run('return 1');
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual(['died', 'died']);
  });

  it('runs a thousand scripts without growing much', async () => {
    await using runner = startRunner(['--jitless']);
    for (let at = 0; at < 1000; at += 1) {
      expect((await runner.run('const a: number[] = [1]; return await call("x", a)')).result).toEqual([1]);
    }
  });
});
