import { describe, expect, it } from 'vitest';
import { HostCallError, type ScriptHost } from '../../../src/engine.ts';
import { RunCalls, type Answer } from '../../../src/engines/run/run-calls.ts';
import { WallClock } from '../../../src/engines/run/wall-clock.ts';
import { DEFAULT_LIMITS, type ScriptLimits } from '../../../src/limits.ts';
import type { CallMessage } from '../../../src/wire/messages.ts';
import { ProtocolError } from '../../../src/wire/protocol-error.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

function stage(call: ScriptHost['call'], limits: Partial<ScriptLimits> = {}) {
  const clock = new ManualClock();
  const wall = new WallClock(clock, 1000, () => undefined);
  const ending = new AbortController();
  const all = { ...DEFAULT_LIMITS, ...limits };
  const calls = new RunCalls({ host: { call }, limits: all, wall, signal: ending.signal });
  const answers: Answer[] = [];
  let last = 0;
  return {
    clock,
    calls,
    ending,
    answers,
    message: (input = '{}', name = 'tool', number = (last += 1)): CallMessage => ({
      type: 'call',
      run: 1,
      call: number,
      name,
      input,
    }),
    async ask(message: CallMessage): Promise<Answer | undefined> {
      calls.begin(message);
      await calls.answer(message, async (answer) => {
        answers.push(answer);
      });
      return answers.at(-1);
    },
  };
}

describe('RunCalls.answer()', () => {
  it('gives what the host gives, and records the call', async () => {
    const at = stage(async (name, input) => {
      await at.clock.advance(7);
      return `["${name}",${input}]`;
    });
    await at.clock.advance(3);
    expect(await at.ask(at.message('{"a":1}'))).toEqual({ value: '["tool",{"a":1}]' });
    expect(at.calls.made).toEqual([
      { name: 'tool', startedMs: 3, tookMs: 7, ok: true, inputBytes: 7, outputBytes: 16 },
    ]);
  });

  it('tells the script what a HostCallError says, with its details', async () => {
    const at = stage(async () => {
      throw new HostCallError('ToolError', 'Not found', { code: 404 });
    });
    expect(await at.ask(at.message())).toEqual({
      error: { name: 'ToolError', message: 'Not found', details: { code: 404 } },
    });
    expect(at.calls.made).toMatchObject([{ ok: false, tookMs: 0 }]);
    expect(at.calls.made[0]).not.toHaveProperty('outputBytes');
  });

  it.each([
    ['an error', new Error('connect ECONNREFUSED 10.0.0.7:5432 as admin')],
    ['a text', 'secret'],
    [
      'an error that only looks like one for scripts',
      Object.assign(new Error('secret'), { name: 'HostCallError' }),
    ],
    ['nothing', undefined],
  ])('tells the script nothing of %s that the host throws [S0-21]', async (_name, thrown) => {
    const at = stage(async () => Promise.reject(thrown));
    expect(await at.ask(at.message())).toEqual({ error: { name: 'Error', message: 'The call failed' } });
  });

  it('takes a host that throws before it gives a promise', async () => {
    const at = stage(() => {
      throw new HostCallError('ToolError', 'at once');
    });
    expect(await at.ask(at.message())).toEqual({ error: { name: 'ToolError', message: 'at once' } });
  });

  it('leaves out details that JSON cannot hold', async () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const details = [cyclic, 1n, () => 1];
    const at = stage(async () => {
      throw new HostCallError('ToolError', 'no', details.shift());
    });
    for (let index = 0; index < 3; index += 1) {
      expect(await at.ask(at.message())).toEqual({ error: { name: 'ToolError', message: 'no' } });
    }
  });

  it('makes an error of a result that is too long', async () => {
    const at = stage(async () => '"1234567"', { callOutputBytes: 8 });
    expect(await at.ask(at.message())).toMatchObject({ error: { name: 'RangeError' } });
    expect(at.calls.made).toMatchObject([{ ok: false }]);
  });

  it('gives a result of exactly the largest size, in bytes', async () => {
    const at = stage(async () => '"éé"', { callOutputBytes: 6 });
    expect(await at.ask(at.message())).toEqual({ value: '"éé"' });
  });

  it('does not bother the host with an input that is too long', async () => {
    let asked = 0;
    const at = stage(async () => `${(asked += 1)}`, { callInputBytes: 5 });
    expect(await at.ask(at.message('"éé"'))).toMatchObject({ error: { name: 'RangeError' } });
    expect(await at.ask(at.message('"abc"'))).toEqual({ value: '1' });
  });

  it('does not bother the host with an input that is nested too deep', async () => {
    const at = stage(async () => '1');
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await at.ask(at.message(deep))).toMatchObject({ error: { name: 'RangeError' } });
  });

  it('does not bother the host with a name that is too long', async () => {
    const at = stage(async () => '1');
    expect(await at.ask(at.message('{}', 'x'.repeat(257)))).toMatchObject({ error: { name: 'RangeError' } });
    expect(at.calls.made[0]?.name).toHaveLength(256);
  });

  it('delivers nothing once the run has ended', async () => {
    const host = Promise.withResolvers<string>();
    const at = stage(async () => host.promise);
    const asked = at.ask(at.message());
    at.ending.abort();
    host.resolve('1');
    expect(await asked).toBeUndefined();
    expect(at.calls.made).toEqual([{ name: 'tool', startedMs: 0, inputBytes: 2 }]);
  });

  it('tells the host when the run has ended', async () => {
    const host = Promise.withResolvers<string>();
    const at = stage(async (_name, _input, { signal }) => {
      signal.addEventListener('abort', () => {
        host.resolve('"aborted"');
      });
      return await host.promise;
    });
    const asked = at.ask(at.message());
    at.ending.abort();
    await asked;
    expect(await host.promise).toBe('"aborted"');
  });
});

describe('RunCalls.begin()', () => {
  it.each([0, 2, 5, -1])('refuses call %i as the first', (number) => {
    const at = stage(async () => '1');
    expect(() => at.calls.begin(at.message('{}', 'tool', number))).toThrow(ProtocolError);
  });

  it('refuses a number used before', () => {
    const at = stage(async () => '1');
    at.calls.begin(at.message('{}', 'tool', 1));
    expect(() => at.calls.begin(at.message('{}', 'tool', 1))).toThrow(ProtocolError);
  });

  it('takes as many calls as allowed and says no to the next', async () => {
    const at = stage(async () => '1', { calls: 2 });
    await at.ask(at.message());
    await at.ask(at.message());
    expect(at.calls.begin(at.message())).toBe(false);
    expect(at.calls.made).toHaveLength(2);
  });

  it('refuses more at the same time than allowed', () => {
    const at = stage(async () => new Promise(() => undefined), { parallelCalls: 2 });
    at.calls.begin(at.message());
    at.calls.begin(at.message());
    expect(() => at.calls.begin(at.message())).toThrow(ProtocolError);
  });

  it('counts a call as under way until its answer was delivered, so that answers nobody reads do not pile up', async () => {
    const at = stage(async () => '1', { parallelCalls: 1 });
    const delivered = Promise.withResolvers<void>();
    const first = at.message();
    at.calls.begin(first);
    const answered = at.calls.answer(first, async () => delivered.promise);
    await at.clock.advance(0);
    const second = at.message();
    expect(() => at.calls.begin(second)).toThrow(ProtocolError);
    delivered.resolve();
    await answered;
    expect(at.calls.begin(second)).toBe(true);
  });
});
