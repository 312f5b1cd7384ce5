import { SandboxError } from '@smcp/sandbox';
import { describe, expect, it } from 'vitest';
import { ContainmentWatch } from '../../src/code/containment-watch.ts';

const PROBLEM = 'scripts cannot be contained, so none is run';

/** An engine whose proof ends as told, and what the watch told of it. */
function make() {
  const state: { outcome: Error | undefined; asked: number } = { outcome: undefined, asked: 0 };
  const told: unknown[] = [];
  const ready = async (): Promise<void> => {
    state.asked += 1;
    if (state.outcome !== undefined) throw state.outcome;
  };
  const open = (): ContainmentWatch => new ContainmentWatch({ ready }, (error) => told.push(error));
  return { state, told, open };
}

const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const leak = new SandboxError('NOT_CONTAINED', 'a leak in a secret place');

describe('ContainmentWatch#problem', () => {
  it('is none while the engine proves itself, and after it has', async () => {
    const { open, told } = make();
    const watch = open();
    expect(watch.problem).toBeUndefined();
    await settled();
    expect(watch.problem).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('says that scripts are not run, and nothing of why', async () => {
    const { state, told, open } = make();
    state.outcome = leak;
    const watch = open();
    await settled();
    expect(watch.problem).toBe(PROBLEM);
    expect(told).toEqual([leak]);
  });

  it('has the engine try again when asked, and tells of one failure once', async () => {
    const { state, told, open } = make();
    state.outcome = leak;
    const watch = open();
    await settled();
    for (let round = 0; round < 3; round += 1) {
      expect(watch.problem).toBe(PROBLEM);
      await settled();
    }
    expect(state.asked).toBe(4);
    expect(told).toHaveLength(1);
  });

  it('is none once the engine has proven itself, which is asked of it no more', async () => {
    const { state, told, open } = make();
    state.outcome = leak;
    const watch = open();
    await settled();
    state.outcome = undefined;
    expect(watch.problem).toBe(PROBLEM);
    await settled();
    expect(watch.problem).toBeUndefined();
    await settled();
    expect(state.asked).toBe(2);
    expect(told).toHaveLength(1);
  });

  it('does not ask while it waits for an answer', async () => {
    let asked = 0;
    const never = async (): Promise<void> => {
      asked += 1;
      if (asked === 1) throw leak;
      await new Promise(() => undefined);
    };
    const watch = new ContainmentWatch({ ready: never }, () => undefined);
    await settled();
    for (let round = 0; round < 3; round += 1) {
      expect(watch.problem).toBe(PROBLEM);
      await settled();
    }
    expect(asked).toBe(2);
  });

  it('takes an engine that was ended for no problem', async () => {
    const { state, told, open } = make();
    state.outcome = new SandboxError('CLOSED', 'The engine has been ended');
    const watch = open();
    await settled();
    expect(watch.problem).toBeUndefined();
    expect(told).toEqual([]);
  });
});
