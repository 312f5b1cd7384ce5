import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunner, type RunSettings, type TestRunner } from './start-runner.ts';

describe('runner with keep', () => {
  let runner: TestRunner;
  const kept = (code: string, settings: RunSettings = {}) => runner.run(code, { keep: true, ...settings });

  beforeAll(() => {
    runner = startRunner(['--jitless']);
  });
  afterAll(() => runner[Symbol.asyncDispose]());

  it('keeps what a run declares for the next', async () => {
    expect(
      await kept('const a: number = 1; function f(n: number) { return n + a } class K {} enum E { A, B }'),
    ).toMatchObject({
      status: 'ok',
      kept: true,
    });
    expect((await kept('[a, f(1), typeof K, E.B]')).result).toEqual([1, 2, 'function', 1]);
  });

  it('lets names be declared again', async () => {
    expect((await kept('const a = 5; let f = 6; [a, f]')).result).toEqual([5, 6]);
  });

  it('keeps what was assigned before a run failed', async () => {
    expect(await kept('let before = 1; null.x; let after = 2')).toMatchObject({
      status: 'error',
      kept: true,
    });
    expect((await kept('[before, typeof after]')).result).toEqual([1, 'undefined']);
  });

  it('tells lines of a function from the run that declared it', async () => {
    await kept('\n\nasync function late() {\n  await call("x");\n  null.x }');
    expect((await kept('await late()', { answer: () => 1 })).error).toMatchObject({ line: 5, column: 8 });
  });

  it('makes helpers anew in each run, whatever a script did to them', async () => {
    await kept('const call = 5, data = 6');
    expect((await kept('typeof call + data', { data: 'd' })).result).toBe('functiond');
  });

  it('lets closures of earlier runs call the host in later ones', async () => {
    await kept('const ask = (n: number) => call("ask", n)');
    const told = await kept('await ask(4)', { answer: (_name, input) => Number(input) * 2 });
    expect(told).toMatchObject({ result: 8, calls: [{ name: 'ask', input: 4 }] });
  });

  it('never answers a call that an earlier run left open', async () => {
    await kept('const open = call("x", 1); "left"', { answer: () => undefined });
    const told = await kept(
      'void call("y", 2); await Promise.race([open, new Promise((r) => setTimeout(() => r("none"), 30))])',
      {
        answer: () => 'answer',
      },
    );
    expect(told.result).toBe('none');
  });

  it('stops timers at the end of each run', async () => {
    await kept('const timer = setInterval(() => console.log("tick"), 1)');
    expect((await kept('await new Promise((r) => setTimeout(r, 30))')).stdout).toBe('');
  });

  it('counts processor time from the start of each run', async () => {
    await kept('let n = 0; for (let i = 0; i < 2_000_000; i += 1) n += i');
    expect((await kept('1')).cpuMs).toBeLessThan(100);
  });

  it('gives a script without keep a world of its own', async () => {
    await kept('const mine = 1');
    expect((await runner.run('typeof mine')).result).toBe('undefined');
    expect((await kept('mine')).result).toBe(1);
  });

  it('gives up a world in which something goes on', async () => {
    expect(await kept('const lost = 1; (async () => { for (;;) await 0 })(); 1')).toMatchObject({
      status: 'ok',
      kept: false,
    });
    expect((await kept('typeof lost')).result).toBe('undefined');
  });

  it('gives up a world in which helpers cannot be made any more', async () => {
    expect(
      await kept(
        'Object.defineProperty(globalThis, "call", { value: 1, writable: false, configurable: false }); 1',
      ),
    ).toMatchObject({
      kept: true,
    });
    expect(await kept('typeof call')).toMatchObject({ status: 'error', kept: false });
    expect(await kept('typeof call')).toMatchObject({ result: 'function', kept: true });
  });

  it('survives accessors that a script put in place of helpers', async () => {
    await kept('Object.defineProperty(globalThis, "data", { set() { for (;;); }, configurable: true }); 1');
    const told = await kept('2', {
      started: (run) => setTimeout(() => runner.send({ type: 'stop', run }), 150),
    });
    expect(told).toMatchObject({ status: 'error', kept: false });
    expect((await kept('3')).result).toBe(3);
  });
});
