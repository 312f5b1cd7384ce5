import { describe, expect, it } from 'vitest';
import { PinWatch } from '../../src/pin/index.ts';

function make(options: { readonly intervalMs?: number } = {}) {
  const state = { revision: 1, changed: [] as string[], looks: 0, fail: false };
  const told: string[] = [];
  const errors: unknown[] = [];
  const watch = new PinWatch({
    store: {
      revision: async () => {
        if (state.fail) throw new Error('no store');
        return state.revision;
      },
    },
    takeChanges: async () => {
      state.looks += 1;
      return state.changed;
    },
    onChanged: (server) => told.push(server),
    intervalMs: options.intervalMs ?? 1_000_000,
    onError: (error) => errors.push(error),
  });
  return { state, told, errors, watch };
}

describe('PinWatch#look()', () => {
  it('tells which servers changed, and looks no closer while the revision stands', async () => {
    const { state, told, watch } = make();
    await using _ = watch;
    await watch.look();
    expect(state.looks).toBe(1);
    state.changed = ['files', 'mail'];
    await watch.look();
    expect(state.looks).toBe(1);
    state.revision = 2;
    await watch.look();
    expect(told).toEqual(['files', 'mail']);
  });

  it('joins looks at the same time', async () => {
    const { state, watch } = make();
    await using _ = watch;
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    expect(state.looks).toBe(1);
  });

  it('reports a failure, and makes up for it with the next look', async () => {
    const { state, told, errors, watch } = make();
    await using _ = watch;
    state.fail = true;
    state.changed = ['files'];
    await watch.look();
    expect(errors).toMatchObject([{ message: 'no store' }]);
    expect(told).toEqual([]);
    state.fail = false;
    await watch.look();
    expect(told).toEqual(['files']);
  });

  it('looks by itself, and not after its end', async () => {
    const { state, watch } = make({ intervalMs: 1 });
    await expect.poll(() => state.looks).toBe(1);
    await watch[Symbol.asyncDispose]();
    state.revision = 2;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.looks).toBe(1);
  });
});
