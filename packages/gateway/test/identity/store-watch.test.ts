import { describe, expect, it } from 'vitest';
import { StoreWatch } from '../../src/identity/store-watch.ts';
import type { StoreWatchOptions } from '../../src/identity/store-watch.ts';
import { MemoryStore, Time } from './fixture.ts';

function open(more: Partial<StoreWatchOptions> = {}) {
  const store = new MemoryStore();
  const time = new Time();
  const applied: number[] = [];
  const watch = new StoreWatch({
    store,
    apply: ({ keys }) => applied.push(keys.length),
    monotonicMs: () => time.monotonicMs,
    intervalMs: 3_600_000,
    answerMs: 50,
    onError: () => {},
    ...more,
  });
  return { store, time, applied, watch };
}

const entry = (name: string) => ({ name, hash: name, hint: '', roles: [], createdAt: '' });

describe('StoreWatch', () => {
  it('applies at first and when the revision changed, not otherwise', async () => {
    const { store, applied, watch } = open();
    await using _ = watch;
    await watch.look();
    await watch.look();
    expect(applied).toEqual([0]);
    await store.keys.create(entry('a'));
    await watch.look();
    expect(applied).toEqual([0, 1]);
  });

  it('asks the store twice for a thousand questions at once', async () => {
    const { store, watch } = open();
    await using _ = watch;
    const first = watch.look();
    await Promise.resolve();
    await Promise.all([first, ...Array.from({ length: 1000 }, () => watch.look())]);
    expect(store.asked).toBe(2);
  });

  it('answers nobody with a look that began before the question', async () => {
    const { store, applied, watch } = open();
    await using _ = watch;
    const gate = Promise.withResolvers<void>();
    const list = store.keys.list.bind(store.keys);
    store.keys.list = async () => {
      const keys = await list();
      await gate.promise;
      return keys;
    };
    const early = watch.look();
    await Promise.resolve();
    await Promise.resolve();
    await store.keys.create(entry('a'));
    const late = watch.look();
    gate.resolve();
    await early;
    await late;
    expect(applied.at(-1)).toBe(1);
  });

  it('fails with the store, then works with it again', async () => {
    const { store, time, watch } = open();
    await using _ = watch;
    store.mode = 'down';
    await expect(watch.look()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    time.pass(1234);
    expect(watch.unansweredMs()).toBe(1234);
    await expect(watch.look()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(watch.unansweredMs()).toBe(1234);
    store.mode = 'up';
    await watch.look();
    time.pass(1234);
    expect(watch.unansweredMs()).toBe(0);
  });

  it('gives up on a store that hangs, and works when it does not any more', async () => {
    const { store, watch } = open({ answerMs: 10 });
    await using _ = watch;
    store.mode = 'hangs';
    await expect(watch.look()).rejects.toThrow('did not answer within 10 ms');
    store.mode = 'up';
    await expect(watch.look()).resolves.toBeUndefined();
  });

  it('applies nothing that comes after it gave up', async () => {
    const { store, applied, watch } = open({ answerMs: 10 });
    await using _ = watch;
    const gate = Promise.withResolvers<void>();
    store.keys.list = async () => {
      await gate.promise;
      return [];
    };
    await expect(watch.look()).rejects.toThrow('did not answer');
    gate.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(applied).toEqual([]);
  });

  it('looks by itself and tells about failures', async () => {
    const failed = Promise.withResolvers<unknown>();
    const { store, watch } = open({ intervalMs: 1, onError: failed.resolve });
    await using _ = watch;
    store.mode = 'down';
    expect(await failed.promise).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('asks no more after disposal', async () => {
    const { store, watch } = open({ intervalMs: 1 });
    await watch[Symbol.asyncDispose]();
    const { asked } = store;
    await watch.look();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(store.asked).toBe(asked);
  });
});
