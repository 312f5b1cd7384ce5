import { describe, expect, it } from 'vitest';
import { Slots } from '../../src/check/slots.ts';

const patient = new AbortController().signal;

describe('Slots.take()', () => {
  it('gives so many at a time, and the others in their order', async () => {
    const slots = new Slots({ running: 3, waiting: 9 });
    const order: string[] = [];
    const [first, second] = [await slots.take('a', patient), await slots.take('a', patient)];
    const waiting = ['a', 'b'].map(async (name) => {
      using _slot = await slots.take('a', patient);
      order.push(name);
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    second?.[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b']);
    first?.[Symbol.dispose]();
    expect(await slots.take('a', patient)).toBeDefined();
  });

  it('gives none when too many wait', async () => {
    const slots = new Slots({ running: 1, waiting: 1 });
    const first = await slots.take('a', patient);
    const waiting = slots.take('a', patient);
    expect(await slots.take('a', patient)).toBeUndefined();
    first?.[Symbol.dispose]();
    expect(await waiting).toBeDefined();
  });

  it('gives none to those who have given up', async () => {
    const slots = new Slots({ running: 1, waiting: 9 });
    await expect(slots.take('a', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const first = await slots.take('a', patient);
    const giveUp = new AbortController();
    const waiting = slots.take('a', giveUp.signal);
    const next = slots.take('a', patient);
    giveUp.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    first?.[Symbol.dispose]();
    expect(await next).toBeDefined();
  });

  it('does not take a slot back from those who give up later', async () => {
    const slots = new Slots({ running: 1, waiting: 9 });
    const giveUp = new AbortController();
    const first = await slots.take('a', patient);
    const waiting = slots.take('a', giveUp.signal);
    first?.[Symbol.dispose]();
    const second = await waiting;
    giveUp.abort();
    const third = slots.take('a', patient);
    second?.[Symbol.dispose]();
    expect(await third).toBeDefined();
  });

  it('keeps a slot free of an owner who has all others', async () => {
    const slots = new Slots({ running: 2, waiting: 4 });
    const first = await slots.take('a', patient);
    const own = slots.take('a', patient);
    const other = await slots.take('b', patient);
    expect(other).toBeDefined();
    const third = slots.take('c', patient);
    other?.[Symbol.dispose]();
    // The second of `a` came before it, and has to wait for the first all the same.
    expect(await third).toBeDefined();
    first?.[Symbol.dispose]();
    expect(await own).toBeDefined();
  });

  it('keeps places to wait free of an owner who has half of them', async () => {
    const slots = new Slots({ running: 1, waiting: 4 });
    const first = await slots.take('a', patient);
    const own = [slots.take('a', patient), slots.take('a', patient)];
    expect(await slots.take('a', patient)).toBeUndefined();
    const others = [slots.take('b', patient), slots.take('b', patient)];
    expect(await slots.take('c', patient)).toBeUndefined();
    for (let next: Disposable | undefined = first; next !== undefined;) {
      next[Symbol.dispose]();
      next = await (own.shift() ?? others.shift());
    }
    expect(others).toEqual([]);
  });
});
