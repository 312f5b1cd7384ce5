import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import type { RunnerMessage, RunnerProcess } from '../../src/process/runner-process.ts';
import { SandboxError } from '../../src/sandbox-error.ts';
import { fakeCommand, startFake } from '../helpers/fake-runner.ts';
import { isRunning, treeOf, until } from '../helpers/processes.ts';
import { rejection } from '../helpers/rejection.ts';

/** Has the fake runner do something, and gives what it says until "done" or its end. */
async function act(runner: RunnerProcess, code: string): Promise<RunnerMessage[]> {
  const messages: RunnerMessage[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = runner.beginRun((message) => {
    messages.push(message);
    if (message.type === 'done') {
      resolve();
    }
  });
  await runner.send({
    type: 'run',
    run,
    language: 'javascript',
    name: 'x',
    code,
    prelude: '',
    data: '',
    keep: false,
    limits: DEFAULT_LIMITS,
  });
  await Promise.race([promise, runner.exited]);
  runner.endRun();
  return messages;
}

describe('RunnerProcess.start()', () => {
  it('gives a runner that is ready', async () => {
    const runner = await startFake();
    expect(runner.about).toMatchObject({ type: 'ready', jitless: true });
    expect(runner.alive).toBe(true);
    await runner.kill('the test is over');
  });

  it.each([
    ['it is silent', 'silent', /not ready within 300 ms/u],
    ['it ends', 'exit', /code 3/u],
    ['it ends with a word', 'complain', /code 1 \(no addon for this machine\)/u],
    ['it talks no frames', 'garbage', /broke the protocol/u],
  ] as const)('refuses when %s, and leaves nothing of it', async (_name, mode, words) => {
    const before = treeOf(process.pid).length;
    const refused = await rejection(startFake(mode, { readyTimeoutMs: mode === 'silent' ? 300 : 10_000 }));
    expect(refused).toBeInstanceOf(SandboxError);
    expect(refused).toMatchObject({ code: 'RUNNER_FAILED' });
    expect((refused as Error).message).toMatch(words);
    await until('no child is left', () => treeOf(process.pid).length <= before);
  });

  it('refuses a program that is not there', async () => {
    const { RunnerProcess } = await import('../../src/process/runner-process.ts');
    const refused = await rejection(RunnerProcess.start({ ...fakeCommand(), file: '/smcp-not-there' }));
    expect(refused).toMatchObject({ code: 'RUNNER_FAILED' });
  });

  it('gives up when it is no longer wanted', async () => {
    const abort = new AbortController();
    const starting = rejection(startFake('silent', { signal: abort.signal }));
    abort.abort();
    expect(await starting).toMatchObject({ code: 'RUNNER_FAILED' });
  });
});

describe('RunnerProcess', () => {
  it('carries messages both ways, run by run', async () => {
    const runner = await startFake();
    const first = await act(runner, "done(message, { value: '1' })");
    const second = await act(
      runner,
      'send({ type: "output", run: message.run, stream: "stdout", text: "hi" }); done(message)',
    );
    expect(first).toMatchObject([{ type: 'done', run: 1, value: '1' }]);
    expect(second).toMatchObject([
      { type: 'output', text: 'hi' },
      { type: 'done', run: 2 },
    ]);
    expect(runner.runs).toBe(2);
    await runner.kill('the test is over');
  });

  it('carries messages of many megabytes', async () => {
    const runner = await startFake();
    const [message] = await act(runner, "done(message, { value: JSON.stringify('x'.repeat(9e6)) })");
    expect(message).toMatchObject({ type: 'done' });
    expect(message?.type === 'done' && message.value?.length).toBe(9e6 + 2);
    await runner.kill('the test is over');
  });

  const violations: [string, string][] = [
    ['announces a frame of 4 GiB', 'raw(Buffer.from([255, 255, 255, 255]))'],
    ['announces a frame of nothing', 'raw(Buffer.alloc(4))'],
    ['sends what is no JSON', 'raw(frame("{"))'],
    ['sends what is no UTF-8', 'raw(Buffer.from([2, 0, 0, 0, 0xff, 0xfe]))'],
    ['sends a message of an unknown type', 'send({ type: "run", run: message.run })'],
    ['sends a member of a wrong type', 'send({ type: "call", run: "1", call: 1, name: "x", input: "{}" })'],
    ['sends a member too many', 'done(message, { admin: true })'],
    ['speaks of a run that was not begun', 'done({ run: message.run + 1 })'],
    ['says again that it is ready', 'send({ type: "ready", pid: 1, jitless: true })'],
  ];
  it.each(violations)('kills a runner that %s', async (_name, code) => {
    const runner = await startFake();
    expect(await act(runner, code)).toEqual([]);
    expect((await runner.exited).killedFor).toMatch(/^it broke the protocol/u);
    expect(runner.alive).toBe(false);
    expect(isRunning(runner.pid ?? 0)).toBe(false);
  });

  it.each([
    ['speaks before it was asked', 'eager', /run 1, which was not begun/u],
    ['says twice that it is ready', 'twice', /twice/u],
  ] as const)('kills a runner that %s, be it during its start or after', async (_name, mode, words) => {
    const killedFor = await startFake(mode).then(
      async (runner) => (await runner.exited).killedFor,
      (cause: unknown) => String(cause),
    );
    expect(killedFor).toMatch(words);
  });

  it('does not listen to what comes after a violation', async () => {
    const runner = await startFake();
    expect(
      await act(
        runner,
        'raw(Buffer.concat([frame("{}"), frame(JSON.stringify({ type: "output", run: 1, stream: "stdout", text: "x" }))]))',
      ),
    ).toEqual([]);
    expect((await runner.exited).killedFor).toBeDefined();
  });

  it('passes over messages of a run that has ended', async () => {
    const runner = await startFake();
    await act(runner, 'done(message)');
    const late =
      'send({ type: "call", run: 1, call: 1, name: "x", input: "{}" }); done({ run: 1 }); done(message)';
    expect(await act(runner, late)).toMatchObject([{ type: 'done', run: 2 }]);
    expect(runner.alive).toBe(true);
    await runner.kill('the test is over');
  });

  it('kills a runner that floods it with messages of a run that has ended', async () => {
    const runner = await startFake();
    await act(runner, 'done(message)');
    await act(runner, 'for (;;) done({ run: 1 })');
    expect((await runner.exited).killedFor).toMatch(/Too many messages/u);
  });

  it('kills a process that spins, at once', async () => {
    const runner = await startFake();
    const acting = act(runner, 'spin()');
    const exit = await runner.kill('it was asked for');
    expect(exit).toMatchObject({ killedFor: 'it was asked for', signal: 'SIGKILL' });
    await acting;
    expect(isRunning(runner.pid ?? 0)).toBe(false);
  });

  it('counts the first reason to kill', async () => {
    const runner = await startFake();
    void runner.kill('first');
    expect(await runner.kill('second')).toMatchObject({ killedFor: 'first' });
  });

  it('tells how a runner ended by itself, with the end of what it said', async () => {
    const runner = await startFake();
    const code = "process.getBuiltinModule('fs').writeSync(2, 'x'.repeat(1e5) + 'the end'); process.exit(7)";
    await act(runner, code);
    const exit = await runner.exited;
    expect(exit).toMatchObject({ killedFor: undefined, code: 7 });
    expect(exit.stderr.slice(-12)).toBe('xxxxxthe end');
    expect(exit.stderr.length).toBeLessThanOrEqual(16 * 1024);
  });

  it('tells a crash from being killed by us, though the channel breaks first', async () => {
    const runner = await startFake();
    await act(runner, 'process.abort()');
    expect(await runner.exited).toMatchObject({ killedFor: undefined, signal: 'SIGABRT' });
  });

  it('takes a send to a runner that has gone', async () => {
    const runner = await startFake();
    await runner.kill('the test is over');
    await runner.send({ type: 'stop', run: 1 });
    expect(await runner.usage()).toBeUndefined();
  });

  it('does not wait for a runner that does not read', async () => {
    const runner = await startFake();
    const acting = act(runner, 'spin()');
    let sent = false;
    const sending = runner
      .send({ type: 'settle', run: 1, call: 1, value: 'x'.repeat(8e6) })
      .then(() => (sent = true));
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    expect(sent).toBe(false);
    await runner.kill('the test is over');
    await sending;
    await acting;
  });

  it('tells what a runner uses', async () => {
    const runner = await startFake();
    const usage = await runner.usage();
    expect(usage?.residentBytes).toBeGreaterThan(10e6);
    expect(usage?.cpuMs).toBeGreaterThanOrEqual(0);
    await runner.kill('the test is over');
  });

  it('gives a runner no environment and nothing but its three descriptors', async () => {
    const runner = await startFake();
    const code = `
      const fs = process.getBuiltinModule('fs');
      const targets = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });
      done(message, { value: JSON.stringify([process.env, process.cwd(), targets.filter((to) => to.startsWith('socket:') || to.includes('.')).length]) });`;
    const [message] = await act(runner, code);
    expect(message?.type === 'done' && message.value).toBe('[{},"/",2]');
    await runner.kill('the test is over');
  });
});
