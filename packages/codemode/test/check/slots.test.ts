import { describe, expect, it } from 'vitest';
import { Slots } from '../../src/check/slots.ts';

const patient = new AbortController().signal;

describe('Slots.take()', () => {
  it('gives so many at a time, and the others in their order', async () => {
    const slots = new Slots(2, 9);
    const order: string[] = [];
    const [first, second] = [await slots.take(patient), await slots.take(patient)];
    const waiting = ['a', 'b'].map(async (name) => {
      using _slot = await slots.take(patient);
      order.push(name);
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    second?.[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b']);
    first?.[Symbol.dispose]();
    expect(await slots.take(patient)).toBeDefined();
  });

  it('gives none when too many wait', async () => {
    const slots = new Slots(1, 1);
    const first = await slots.take(patient);
    const waiting = slots.take(patient);
    expect(await slots.take(patient)).toBeUndefined();
    first?.[Symbol.dispose]();
    expect(await waiting).toBeDefined();
  });

  it('gives none to those who have given up', async () => {
    const slots = new Slots(1, 9);
    await expect(slots.take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const first = await slots.take(patient);
    const giveUp = new AbortController();
    const waiting = slots.take(giveUp.signal);
    const next = slots.take(patient);
    giveUp.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    first?.[Symbol.dispose]();
    expect(await next).toBeDefined();
  });

  it('does not take a slot back from those who give up later', async () => {
    const slots = new Slots(1, 9);
    const giveUp = new AbortController();
    const first = await slots.take(patient);
    const waiting = slots.take(giveUp.signal);
    first?.[Symbol.dispose]();
    const second = await waiting;
    giveUp.abort();
    const third = slots.take(patient);
    second?.[Symbol.dispose]();
    expect(await third).toBeDefined();
  });
});
