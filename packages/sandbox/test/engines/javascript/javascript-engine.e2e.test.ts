import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostCallError, type EngineSession, type ScriptHost } from '../../../src/engine.ts';
import {
  createJavaScriptEngine,
  type JavaScriptEngine,
} from '../../../src/engines/javascript/javascript-engine.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { isRunning, treeOf, until } from '../../helpers/processes.ts';
import { rejection } from '../../helpers/rejection.ts';
import { ECHO, limits, script } from '../../helpers/scripts.ts';

describe.each(['auto', 'none'] as const)('createJavaScriptEngine({ containment: "%s" })', (containment) => {
  let engine: JavaScriptEngine;
  beforeAll(async () => {
    engine = createJavaScriptEngine({ containment });
    await engine.ready();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  async function run(
    code: string,
    given: Parameters<typeof limits>[0] = {},
    host: ScriptHost = ECHO,
    owner = 'a',
  ): Promise<Outcome> {
    await using session = await engine.open({ owner, persistent: false });
    return await session.run(script(code), host, { limits: limits(given) });
  }

  it('tells the layers that are active, strongest first', () => {
    const { level, layers } = engine.containment;
    expect(level).toBe('pooled');
    expect(layers.map(({ name }) => name)).toEqual([
      'namespaces',
      'seccomp',
      'isolate',
      'jitless',
      'memory-limit',
      'process',
    ]);
    const active = layers.filter((layer) => layer.active).map(({ name }) => name);
    expect(active).toEqual(expect.arrayContaining(['isolate', 'jitless', 'process']));
    expect(containment === 'none' && active.includes('namespaces')).toBe(false);
  });

  it('runs TypeScript [S0-02]', async () => {
    const outcome = await run('interface Point { x: number } const p: Point = { x: 42 }; return p;');
    expect(outcome).toMatchObject({ status: 'ok', value: '{"x":42}', output: [], calls: [] });
    expect(outcome.usage.cpuMs).toBeGreaterThan(0);
  });

  it('runs JavaScript [S0-11]', async () => {
    await using session = await engine.open({ owner: 'a', persistent: false });
    const outcome = await session.run(script('return [1, 2].map((x) => x * 2)', 'javascript'), ECHO, {
      limits: limits(),
    });
    expect(outcome.value).toBe('[2,4]');
  });

  it('takes calls of a script to the host, in parallel', async () => {
    let most = 0;
    let underWay = 0;
    const host: ScriptHost = {
      call: async (name, input) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => {
          setTimeout(resolve, 30);
        });
        underWay -= 1;
        return JSON.stringify({ name, input: JSON.parse(input) });
      },
    };
    const outcome = await run(
      "return await Promise.all([1, 2, 3].map((n) => call('double', { n })))",
      {},
      host,
    );
    expect(JSON.parse(outcome.value ?? '')).toEqual([1, 2, 3].map((n) => ({ name: 'double', input: { n } })));
    expect(outcome.calls).toHaveLength(3);
    expect(most).toBe(3);
  });

  it('makes the error of a call one of the script, with its details', async () => {
    const host: ScriptHost = {
      call: async () => {
        throw new HostCallError('ToolError', 'Not found', { code: 404 });
      },
    };
    const outcome = await run(
      "try { await call('x', {}) } catch (e) { return [e.name, e.message, e.details] }",
      {},
      host,
    );
    expect(JSON.parse(outcome.value ?? '')).toEqual(['ToolError', 'Not found', { code: 404 }]);
  });

  it('tells a script nothing of another error of the host [S0-21]', async () => {
    const host: ScriptHost = {
      call: async () => {
        throw new Error('password=hunter2');
      },
    };
    const outcome = await run("await call('x', {})", {}, host);
    expect(outcome.status).toBe('error');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it('tells where a script failed, and nothing of this machine', async () => {
    const outcome = await run('const a: number = 1;\nthrow new TypeError("wrong");');
    expect(outcome).toMatchObject({
      status: 'error',
      error: { name: 'TypeError', message: 'wrong', line: 2 },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/node_modules|runner|\/app/u);
  });

  it('keeps what a script prints', async () => {
    const outcome = await run('console.log("out"); console.error("err")');
    expect(outcome.output.map(({ stream, text }) => [stream, text.trim()])).toEqual([
      ['stdout', 'out'],
      ['stderr', 'err'],
    ]);
  });

  const hostile: [string, string, Parameters<typeof limits>[0], object][] = [
    ['an endless loop', 'for (;;);', { wallMs: 200 }, { status: 'timeout' }],
    ['a loop that uses the processor', 'for (;;);', { cpuMs: 200 }, { status: 'timeout' }],
    ['a loop after a call', "await call('x', 1); for (;;);", { wallMs: 300 }, { status: 'timeout' }],
    [
      'a flood of microtasks',
      'const f = () => Promise.resolve().then(f); f(); await new Promise(() => {})',
      { wallMs: 300 },
      { status: 'timeout' },
    ],
    [
      'a promise that never settles',
      'setInterval(() => {}, 10); await new Promise(() => {})',
      { wallMs: 200 },
      { status: 'timeout' },
    ],
    ['a number that grows', 'let x = 2n ** 64n; for (;;) x = x * x', { wallMs: 300 }, {}],
    [
      'a bomb of arrays',
      'const a = []; for (;;) a.push(new Array(10000).fill(1))',
      { heapBytes: 32e6 },
      { status: 'memory' },
    ],
    [
      'a bomb of texts',
      'let s = "x"; const a = []; for (;;) { s += s; a.push(s + 1) }',
      { heapBytes: 32e6, wallMs: 5000 },
      {},
    ],
    [
      'a bomb of buffers',
      'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1))',
      { heapBytes: 32e6 },
      {},
    ],
    [
      'a flood of calls',
      "for (let i = 0; i < 300000; i++) call('x', i); await new Promise(() => {})",
      { calls: 50, wallMs: 3000 },
      {},
    ],
    [
      'a flood of output',
      'for (;;) console.log("x".repeat(1000))',
      { outputBytes: 1e5, wallMs: 5000 },
      { status: 'limit', limit: 'outputBytes' },
    ],
    [
      'a result that is too long',
      'return "x".repeat(1e6)',
      { resultBytes: 1e5 },
      { status: 'limit', limit: 'resultBytes' },
    ],
    ['a result nested deep', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a', {}, {}],
    [
      'a source that is too long',
      `return ${'1+'.repeat(1000)}1`,
      { sourceBytes: 1000 },
      { status: 'limit', limit: 'sourceBytes' },
    ],
  ];
  it.each(hostile)('ends %s, and nothing else', async (_name, code, given, expected) => {
    const outcome = await run(code, given);
    expect(outcome).toMatchObject(expected);
    expect(outcome.status).not.toBe('ok');
    expect((await run('return 1')).value).toBe('1');
  });

  it('ends a script at once when it is aborted', async () => {
    await using session = await engine.open({ owner: 'a', persistent: false });
    const abort = new AbortController();
    const running = session.run(script('for (;;);'), ECHO, { limits: limits(), signal: abort.signal });
    setTimeout(() => {
      abort.abort();
    }, 100);
    const outcome = await running;
    expect(outcome).toMatchObject({ status: 'killed' });
    expect(outcome.usage.wallMs).toBeLessThan(5000);
  });

  it('lets the clock of a script stand still while a person is asked', async () => {
    const host: ScriptHost = {
      call: async (_name, input, context) => {
        using _held = context.hold();
        await new Promise((resolve) => {
          setTimeout(resolve, 600);
        });
        return input;
      },
    };
    const outcome = await run("return await call('ask', 1)", { wallMs: 400 }, host);
    expect(outcome).toMatchObject({ status: 'ok', value: '1' });
    expect(outcome.usage.wallMs).toBeLessThan(400);
  });

  it('leaves nothing of a run to the next one of the same owner', async () => {
    await run('globalThis.left = 1; Array.prototype.left = 2; Object.prototype.left = 3');
    const outcome = await run('return [typeof left, typeof [].left, typeof ({}).left]');
    expect(outcome.value).toBe('["undefined","undefined","undefined"]');
  });

  describe('sessions', () => {
    async function runIn(
      session: EngineSession,
      code: string,
      given: Parameters<typeof limits>[0] = {},
    ): Promise<Outcome> {
      return await session.run(script(code), ECHO, { limits: limits(given) });
    }

    it('keep variables and functions from run to run [S0-15]', async () => {
      await using session = await engine.open({ owner: 'a', persistent: true });
      await runIn(session, 'globalThis.count = 1; globalThis.up = () => ++globalThis.count');
      expect((await runIn(session, 'up(); return up()')).value).toBe('3');
      expect(session.alive).toBe(true);
    });

    it('share nothing with each other, also those of one owner [S0-26]', async () => {
      await using one = await engine.open({ owner: 'a', persistent: true });
      await using other = await engine.open({ owner: 'a', persistent: true });
      await runIn(one, 'globalThis.secret = 1');
      expect((await runIn(other, 'return typeof secret')).value).toBe('"undefined"');
    });

    it('live on after an error of a script', async () => {
      await using session = await engine.open({ owner: 'a', persistent: true });
      await runIn(session, 'globalThis.x = 5; throw new Error("no")');
      expect([session.alive, (await runIn(session, 'return x')).value]).toEqual([true, '5']);
    });

    it('are gone after a limit, and say so', async () => {
      await using session = await engine.open({ owner: 'a', persistent: true });
      expect((await runIn(session, 'for (;;);', { wallMs: 200 })).status).toBe('timeout');
      expect(session.alive).toBe(false);
      expect(await rejection(runIn(session, 'return 1'))).toMatchObject({ code: 'CLOSED' });
    });

    it('run one script at a time', async () => {
      await using session = await engine.open({ owner: 'a', persistent: true });
      const first = runIn(session, "await call('x', 1); return 1");
      expect(await rejection(runIn(session, 'return 2'))).toMatchObject({ code: 'SESSION_BUSY' });
      expect((await first).value).toBe('1');
    });

    it('end with what they run when they are disposed of', async () => {
      const session = await engine.open({ owner: 'a', persistent: true });
      const running = runIn(session, 'for (;;);');
      await session[Symbol.asyncDispose]();
      expect((await running).status).toBe('killed');
      expect(session.alive).toBe(false);
      expect(await rejection(runIn(session, 'return 1'))).toMatchObject({ code: 'CLOSED' });
    });

    it('without persistence run one script after another', async () => {
      await using session = await engine.open({ owner: 'a', persistent: false });
      expect((await runIn(session, 'globalThis.x = 1; return 1')).value).toBe('1');
      expect((await runIn(session, 'for (;;);', { wallMs: 100 })).status).toBe('timeout');
      expect((await runIn(session, 'return typeof x')).value).toBe('"undefined"');
      expect(session.alive).toBe(true);
    });

    it('refuse Python, and limits that are none', async () => {
      await using session = await engine.open({ owner: 'a', persistent: false });
      const python = session.run(script('print(1)', 'python'), ECHO, { limits: limits() });
      expect(await rejection(python)).toBeInstanceOf(TypeError);
      const limitless = session.run(script('return 1'), ECHO, {
        limits: limits({ wallMs: Number.POSITIVE_INFINITY }),
      });
      expect(await rejection(limitless)).toBeInstanceOf(RangeError);
    });
  });

  it('leaves this process free while scripts spin and swell', async () => {
    const hostiles = ['for (;;);', 'const a = []; for (;;) a.push(new Array(1000).fill(1))'];
    const runs = Array.from({ length: 4 * availableParallelism() }, async (_, index) =>
      run(hostiles[index % 2] ?? '', { wallMs: 1500 }, ECHO, `owner-${index}`),
    );
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const outcomes = await Promise.all(runs);
    clearInterval(watch);
    expect(outcomes.map(({ status }) => status).filter((status) => status === 'ok')).toEqual([]);
    expect(longest).toBeLessThan(1000);
  });
});

describe('createJavaScriptEngine()', () => {
  it('leaves no process behind', async () => {
    const before = new Set(treeOf(process.pid));
    const engine = createJavaScriptEngine({ pool: { warm: 2 } });
    await using session = await engine.open({ owner: 'a', persistent: true });
    await session.run(script('return 1'), ECHO, { limits: limits() });
    const started = treeOf(process.pid).filter((pid) => !before.has(pid));
    expect(started.length).toBeGreaterThan(0);
    await engine[Symbol.asyncDispose]();
    await until('all have ended', () => !started.some(isRunning));
    expect(session.alive).toBe(false);
  });

  it('refuses to open once it has ended, also in the middle of its start', async () => {
    const engine = createJavaScriptEngine();
    const opening = rejection(engine.open({ owner: 'a', persistent: false }));
    await engine[Symbol.asyncDispose]();
    expect(await opening).toMatchObject({ code: 'CLOSED' });
    expect(await rejection(engine.open({ owner: 'a', persistent: false }))).toMatchObject({ code: 'CLOSED' });
    expect(await rejection(engine.ready())).toMatchObject({ code: 'CLOSED' });
  });

  it('gives each run a process of its own at level oneshot', async () => {
    await using engine = createJavaScriptEngine({ level: 'oneshot' });
    for (let round = 0; round < 3; round += 1) {
      await using session = await engine.open({ owner: 'a', persistent: false });
      expect((await session.run(script('return 1'), ECHO, { limits: limits() })).value).toBe('1');
      expect(engine.runners?.idle).toBe(0);
    }
    expect(engine.containment.level).toBe('oneshot');
  });

  it('refuses when all runners are taken', async () => {
    await using engine = createJavaScriptEngine({ pool: { max: 1, warm: 0, waitTimeoutMs: 1500 } });
    await using first = await engine.open({ owner: 'a', persistent: true });
    expect(first.alive).toBe(true);
    expect(await rejection(engine.open({ owner: 'b', persistent: false }))).toMatchObject({
      code: 'POOL_FULL',
    });
  });

  it('lets an opening be given up', async () => {
    await using engine = createJavaScriptEngine({ pool: { max: 1, warm: 0 } });
    await using first = await engine.open({ owner: 'a', persistent: true });
    const abort = new AbortController();
    const opening = rejection(engine.open({ owner: 'b', persistent: false, signal: abort.signal }));
    abort.abort(new Error('no longer'));
    expect(await opening).toMatchObject({ message: 'no longer' });
    expect(first.alive).toBe(true);
  });

  it.each([
    { memoryBytes: 1 },
    { memoryBytes: Number.NaN },
    { readyTimeoutMs: 0 },
    { maxFrameBytes: 1 },
    { pool: { max: 0 } },
  ])('refuses the options %o', (options) => {
    expect(() => createJavaScriptEngine(options)).toThrow(RangeError);
  });
});
