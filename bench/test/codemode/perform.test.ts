import { describe, expect, it } from 'vitest';
import type { Contender } from '../../codemode/contenders/contender.ts';
import { perform, runOnce } from '../../codemode/contenders/perform.ts';

/** A contender that answers `value` and takes so long on a clock of its own. */
function contenderThat(
  answers: unknown,
  tookMs = 1,
  more: Partial<Contender> = {},
): { readonly contender: Contender; readonly now: () => number; readonly bodies: string[] } {
  let clock = 1000;
  const bodies: string[] = [];
  const contender: Contender = {
    run: async (body) => {
      bodies.push(body);
      clock += tookMs;
      return answers;
    },
    [Symbol.asyncDispose]: async () => undefined,
    ...more,
  };
  return { contender, now: () => clock, bodies };
}

describe('runOnce()', () => {
  it('gives the time that the script took', async () => {
    const { contender, now } = contenderThat(42, 7);
    expect(await runOnce(contender, 'value', now)).toBe(7);
  });

  it('takes the word of a script that measures itself', async () => {
    const { contender, now } = contenderThat(31, 7);
    expect(await runOnce(contender, 'calls', now)).toBe(31);
  });

  it.each([43, '42', null, undefined])('refuses %j from a script that returns 42', async (answer) => {
    const { contender, now } = contenderThat(answer);
    await expect(runOnce(contender, 'value', now)).rejects.toThrow('Script "value" gave');
  });

  it('quotes little of a long wrong value', async () => {
    const { contender, now } = contenderThat('y'.repeat(10_000));
    await expect(runOnce(contender, 'bigValue', now)).rejects.toThrow(/^.{1,200}$/);
  });
});

describe('perform()', () => {
  const sequential = { kind: 'sequential', script: 'value' } as const;

  it('runs scripts so often', async () => {
    const { contender, now } = contenderThat(42, 2);
    expect(await perform(contender, { ...sequential, runs: 3, maxMs: 1000 }, now)).toEqual({
      ms: [2, 2, 2],
      runs: 3,
    });
  });

  it('begins no script after the time, and always one', async () => {
    const { contender, now } = contenderThat(42, 40);
    expect((await perform(contender, { ...sequential, runs: 9, maxMs: 100 }, now)).runs).toBe(3);
    expect((await perform(contender, { ...sequential, runs: 9, maxMs: 0 }, now)).runs).toBe(1);
  });

  it('counts scripts that run at the same time together', async () => {
    const { contender, now, bodies } = contenderThat(42, 10);
    const { ms, runs } = await perform(
      contender,
      { kind: 'parallel', script: 'value', clients: 4, ms: 100 },
      now,
    );
    expect(runs).toBe(bodies.length);
    expect(runs).toBeGreaterThanOrEqual(10);
    expect(ms).toEqual([runs * 10]);
  });

  it('fails when one of the scripts at the same time gives something else', async () => {
    const { contender, now } = contenderThat(41);
    const job = { kind: 'parallel', script: 'value', clients: 2, ms: 10 } as const;
    await expect(perform(contender, job, now)).rejects.toThrow('Script "value" gave 41');
  });

  it('measures the way to where scripts are started, which may be none', async () => {
    const near = contenderThat(42);
    expect(await perform(near.contender, { kind: 'reach', times: 3 }, near.now)).toEqual({ ms: [], runs: 0 });
    const far = contenderThat(42, 1, { reach: async () => undefined });
    expect((await perform(far.contender, { kind: 'reach', times: 3 }, far.now)).runs).toBe(3);
    expect(far.bodies).toEqual([]);
  });

  it('opens sessions, and fails where there are none', async () => {
    const asked: number[] = [];
    const some = contenderThat(42, 1, { hold: async (sessions) => void asked.push(sessions) });
    await perform(some.contender, { kind: 'hold', sessions: 8 }, some.now);
    expect(asked).toEqual([8]);
    const none = contenderThat(42);
    await expect(perform(none.contender, { kind: 'hold', sessions: 8 }, none.now)).rejects.toThrow(TypeError);
  });
});
