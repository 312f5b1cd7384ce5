import { describe, expect, it } from 'vitest';
import { HostCallError, type ScriptHost } from '../../../src/engine.ts';
import { ScriptRun, type RunEnd } from '../../../src/engines/run/script-run.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { DEFAULT_LIMITS, type ScriptLimits } from '../../../src/limits.ts';
import type { RunnerProcess } from '../../../src/process/runner-process.ts';
import { startFake } from '../../helpers/fake-runner.ts';
import { isRunning } from '../../helpers/processes.ts';

interface Given {
  readonly call?: ScriptHost['call'];
  readonly output?: ScriptHost['output'];
  readonly limits?: Partial<ScriptLimits>;
  readonly signal?: AbortSignal;
}

async function runOn(runner: RunnerProcess, code: string, given: Given = {}): Promise<RunEnd> {
  const { call = async () => 'null', output, limits, signal } = given;
  return await ScriptRun.run({
    runner,
    script: {
      language: 'javascript',
      name: 'x',
      code,
      prelude: '',
      data: '',
      keep: false,
      limits: { ...DEFAULT_LIMITS, ...limits },
    },
    host: output === undefined ? { call } : { call, output },
    signal,
    clock: systemClock,
  });
}

/** Runs one script on a fake runner that is killed then. */
async function run(code: string, given: Given = {}): Promise<RunEnd & { readonly alive: boolean }> {
  const runner = await startFake();
  const end = await runOn(runner, code, given);
  const { alive } = runner;
  await runner.kill('the test is over');
  return { ...end, alive };
}

const CALL = 'send({ type: "call", run: message.run, call: 1, name: "x", input: "{}" });';
const OUTPUT = (text: string): string =>
  `send({ type: "output", run: message.run, stream: "stdout", text: ${text} });`;

describe('ScriptRun.run()', () => {
  it('gives what the runner says, with what was used', async () => {
    const { outcome, fit, kept } = await run('done(message, { value: \'{"a":1}\', cpuMs: 3, heapBytes: 5 })');
    expect(outcome).toMatchObject({
      status: 'ok',
      value: '{"a":1}',
      output: [],
      calls: [],
      droppedOutputBytes: 0,
    });
    expect(outcome.usage).toMatchObject({ cpuMs: 3, heapBytes: 5 });
    expect([fit, kept]).toEqual([true, true]);
  });

  it('gives an error of the script, after which the runner is still good', async () => {
    const error = { name: 'TypeError', message: 'no', line: 3, column: 1 };
    const { outcome, fit } = await run(`done(message, { status: 'error', error: ${JSON.stringify(error)} })`);
    expect(outcome).toMatchObject({ status: 'error', error });
    expect(outcome).not.toHaveProperty('value');
    expect(fit).toBe(true);
  });

  it.each(['timeout', 'memory'])('does not use a runner again after %s', async (status) => {
    const { outcome, fit, kept } = await run(`done(message, { status: '${status}' })`);
    expect(outcome.status).toBe(status);
    expect(outcome.error?.message).toBeTypeOf('string');
    expect([fit, kept]).toEqual([false, false]);
  });

  it('gives no value with another status than ok', async () => {
    const { outcome } = await run(
      "done(message, { status: 'error', value: '1', error: { name: 'E', message: 'm' } })",
    );
    expect(outcome.value).toBeUndefined();
  });

  it('takes calls to the host and answers back', async () => {
    const code = `${CALL} const { value } = receive(); done(message, { value });`;
    const { outcome } = await run(code, { call: async (name, input) => `["${name}",${input}]` });
    expect(outcome.value).toBe('["x",{}]');
    expect(outcome.calls).toMatchObject([{ name: 'x', ok: true, inputBytes: 2, outputBytes: 8 }]);
  });

  it('tells the script of a failure what it may know', async () => {
    const code = `${CALL} done(message, { value: JSON.stringify(receive().error) });`;
    const call = async (): Promise<string> => {
      throw new HostCallError('ToolError', 'Not found', { code: 404 });
    };
    const { outcome } = await run(code, { call });
    expect(JSON.parse(outcome.value ?? '')).toEqual({
      name: 'ToolError',
      message: 'Not found',
      details: { code: 404 },
    });
  });

  it('tells of output as it comes, whatever the listener does', async () => {
    const heard: string[] = [];
    const { outcome } = await run(`${OUTPUT('"one"')} ${OUTPUT('"two"')} done(message)`, {
      output: (_stream, text) => {
        heard.push(text);
        throw new Error('listener');
      },
    });
    expect(heard).toEqual(['one', 'two']);
    expect(outcome.output.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('drops output over its limit and says how much', async () => {
    const { outcome } = await run(`${OUTPUT('"x".repeat(150)')} done(message)`, {
      limits: { outputBytes: 100 },
    });
    expect(outcome.status).toBe('ok');
    expect([outcome.output[0]?.text.length, outcome.droppedOutputBytes]).toEqual([100, 50]);
  });
});

describe('ScriptRun.run() when a runner does what the runner of ours never does', () => {
  it('ends a flood of output', async () => {
    const { outcome } = await run(`for (;;) ${OUTPUT('"x".repeat(1000)')}`, {
      limits: { outputBytes: 10_000 },
    });
    expect(outcome).toMatchObject({ status: 'limit', limit: 'outputBytes' });
    expect(outcome.output.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(10_000);
  });

  it('ends more calls than allowed', async () => {
    const code =
      'for (let call = 1; ; call++) { send({ type: "call", run: message.run, call, name: "x", input: "{}" }); receive(); }';
    let asked = 0;
    const { outcome } = await run(code, { call: async () => `${(asked += 1)}`, limits: { calls: 5 } });
    expect(outcome).toMatchObject({ status: 'limit', limit: 'calls' });
    expect([asked, outcome.calls.length]).toEqual([5, 5]);
  });

  it('kills it over more calls at the same time than allowed', async () => {
    const code =
      'for (let call = 1; ; call++) send({ type: "call", run: message.run, call, name: "x", input: "{}" });';
    let asked = 0;
    const { outcome, alive } = await run(code, {
      call: async () => {
        asked += 1;
        return await new Promise(() => undefined);
      },
      limits: { parallelCalls: 4 },
    });
    expect([outcome.status, alive, asked]).toEqual(['killed', false, 4]);
  });

  it('kills it when it asks and asks and never reads an answer', async () => {
    const code =
      'for (let call = 1; call <= 1000; call++) send({ type: "call", run: message.run, call, name: "x", input: "{}" }); spin()';
    let given = 0;
    const { outcome } = await run(code, {
      call: async () => {
        given += 1;
        return JSON.stringify('x'.repeat(1_000_000));
      },
      limits: { parallelCalls: 4 },
    });
    expect(outcome.status).toBe('killed');
    expect(given).toBeLessThan(20);
  });

  it.each([
    [
      'a call with a number out of order',
      'send({ type: "call", run: message.run, call: 2, name: "x", input: "{}" })',
    ],
    ['a result that is no JSON', "done(message, { value: 'undefined' })"],
    ['a result nested too deep', "done(message, { value: '['.repeat(1e5) + ']'.repeat(1e5) })"],
    ['a frame that is none', 'raw(Buffer.alloc(8, 255))'],
  ])('kills it over %s', async (_name, code) => {
    const { outcome, fit, alive } = await run(code);
    expect(outcome).toMatchObject({ status: 'killed', error: { name: 'KilledError' } });
    expect([fit, alive]).toEqual([false, false]);
  });

  it('does not take a result that is too long', async () => {
    const { outcome, fit } = await run("done(message, { value: JSON.stringify('x'.repeat(100)) })", {
      limits: { resultBytes: 101 },
    });
    expect(outcome).toMatchObject({ status: 'limit', limit: 'resultBytes' });
    expect(outcome.value).toBeUndefined();
    expect(fit).toBe(false);
  });

  it('ends when time is over, though the runner hears nothing', async () => {
    const { outcome, fit, alive } = await run('spin()', { limits: { wallMs: 100 } });
    expect(outcome).toMatchObject({ status: 'timeout', limit: 'wallMs', error: { name: 'TimeoutError' } });
    expect([fit, alive]).toEqual([false, false]);
    expect(outcome.usage.wallMs).toBeGreaterThanOrEqual(100);
  });

  it('takes what a runner says that ends when it is told to', async () => {
    const code = `if (receive().type === 'stop') done(message, { status: 'timeout', cpuMs: 9, error: { name: 'X', message: 'x', line: 4 } })`;
    const { outcome, fit } = await run(code, { limits: { wallMs: 100 } });
    expect(outcome).toMatchObject({
      status: 'timeout',
      limit: 'wallMs',
      error: { name: 'TimeoutError', line: 4 },
      usage: { cpuMs: 9 },
    });
    expect(fit).toBe(false);
  });

  it('does not believe a runner that says ok after the time was over', async () => {
    const { outcome } = await run("receive(); done(message, { value: '1' })", { limits: { wallMs: 100 } });
    expect(outcome.status).toBe('timeout');
    expect(outcome.value).toBeUndefined();
  });

  it('makes no call for a runner that was told to end', async () => {
    let asked = 0;
    const code = `receive(); ${CALL} done(message)`;
    await run(code, { call: async () => `${(asked += 1)}`, limits: { wallMs: 100 } });
    expect(asked).toBe(0);
  });

  it('ends a runner that burns the processor while somebody holds the clock', async () => {
    const { outcome } = await run(`${CALL} spin()`, {
      call: async (_name, _input, context) => {
        context.hold();
        return await new Promise(() => undefined);
      },
      limits: { wallMs: 100, cpuMs: 200 },
    });
    expect(outcome).toMatchObject({ status: 'timeout', limit: 'cpuMs' });
  });
});

describe('ScriptRun.run() when a runner ends', () => {
  it('says memory when it was aborted', async () => {
    const { outcome } = await run('process.abort()');
    expect(outcome).toMatchObject({ status: 'memory', error: { name: 'MemoryError' } });
  });

  it('says killed when it just ended, and nothing of what it wrote', async () => {
    const { outcome } = await run('process.stderr.write("/home/me/secret"); process.exit(3)');
    expect(outcome).toMatchObject({ status: 'killed', error: { name: 'KilledError' } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('keeps output and calls from before', async () => {
    const code = `${OUTPUT('"before"')} ${CALL} receive(); process.exit(1)`;
    const { outcome } = await run(code);
    expect(outcome.output).toEqual([{ stream: 'stdout', text: 'before' }]);
    expect(outcome.calls).toMatchObject([{ name: 'x', ok: true }]);
  });

  it('says so when the runner had ended before', async () => {
    const runner = await startFake();
    await runner.kill('the test');
    expect((await runOn(runner, 'done(message)')).outcome.status).toBe('killed');
  });
});

describe('ScriptRun.run() with a signal', () => {
  it('ends at once, without waiting for the runner', async () => {
    const runner = await startFake();
    const abort = new AbortController();
    const running = runOn(runner, 'spin()', { signal: abort.signal });
    setTimeout(() => {
      abort.abort();
    }, 50);
    const { outcome, fit } = await running;
    expect(outcome).toMatchObject({ status: 'killed', error: { name: 'AbortError' } });
    expect(outcome.usage.wallMs).toBeLessThan(5000);
    expect(fit).toBe(false);
    await runner.exited;
    expect(isRunning(runner.pid ?? 0)).toBe(false);
  });

  it('does not begin when it has fired before', async () => {
    const { outcome } = await run('done(message)', { signal: AbortSignal.abort() });
    expect(outcome.status).toBe('killed');
  });

  it('tells calls under way that the run has ended', async () => {
    const abort = new AbortController();
    const told = Promise.withResolvers<string>();
    const { outcome } = await run(`${CALL} spin()`, {
      signal: abort.signal,
      call: async (_name, _input, { signal }) => {
        signal.addEventListener('abort', () => {
          told.resolve('told');
        });
        abort.abort();
        return await new Promise(() => undefined);
      },
    });
    expect(await told.promise).toBe('told');
    expect(outcome.calls).toHaveLength(1);
    expect(outcome.calls[0]).not.toHaveProperty('ok');
  });
});

describe('ScriptRun.run() again on the same runner', () => {
  it('takes nothing from the run before', async () => {
    const runner = await startFake();
    let settle = (_value: string): void => undefined;
    await runOn(runner, `${CALL} done(message)`, {
      call: async () =>
        await new Promise<string>((resolve) => {
          settle = resolve;
        }),
    });
    settle('"late"');
    const late = `send({ type: "output", run: 1, stream: "stdout", text: "late" }); ${CALL} done(message, { value: JSON.stringify(receive()) })`;
    const { outcome } = await runOn(runner, late, { call: async () => '"now"' });
    expect(JSON.parse(outcome.value ?? '')).toMatchObject({ type: 'settle', run: 2, value: '"now"' });
    expect(outcome.output).toEqual([]);
    await runner.kill('the test is over');
  });
});
