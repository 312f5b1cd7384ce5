import { describe, expect, it } from 'vitest';
import { Concurrency } from '../../src/limit/index.ts';

describe('Concurrency', () => {
  it('tryAcquire() lets in as many as allowed, and the next when one has left', () => {
    const gate = new Concurrency(2);
    const first = gate.tryAcquire();
    const second = gate.tryAcquire();
    expect(gate.tryAcquire()).toBeUndefined();
    first?.();
    expect(gate.inFlight).toBe(1);
    expect(gate.tryAcquire()).toBeTypeOf('function');
    expect(gate.tryAcquire()).toBeUndefined();
    second?.();
  });

  it('tryAcquire() gives a release that counts once', () => {
    const gate = new Concurrency(2);
    const first = gate.tryAcquire();
    gate.tryAcquire();
    first?.();
    first?.();
    first?.();
    expect(gate.inFlight).toBe(1);
  });

  it('leave() throws when nobody is in, rather than making room for one more', () => {
    const gate = new Concurrency(1);
    expect(() => gate.leave()).toThrow(RangeError);
    expect([gate.tryEnter(), gate.tryEnter()]).toEqual([true, false]);
  });

  it('changeMax() keeps those who are in, also above the new limit', () => {
    const gate = new Concurrency(3);
    gate.tryEnter();
    gate.tryEnter();
    gate.changeMax(1);
    expect(gate.tryEnter()).toBe(false);
    gate.leave();
    expect(gate.tryEnter()).toBe(false);
    gate.leave();
    expect(gate.tryEnter()).toBe(true);
  });

  it('only counts when the limit is infinite', () => {
    const gate = new Concurrency(Infinity);
    for (let call = 0; call < 1000; call += 1) expect(gate.tryEnter()).toBe(true);
    expect(gate.inFlight).toBe(1000);
  });

  it.each([0, -1, 1.5, Number.NaN, -Infinity])('refuses a limit of %d', (max) => {
    expect(() => new Concurrency(max)).toThrow(RangeError);
    expect(() => new Concurrency(1).changeMax(max)).toThrow(RangeError);
  });
});
