import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { Exchange, untilSignal } from '../../src/upstream/exchange.ts';

const make = (): Exchange => new Exchange({ id: 1, request: undefined, maxBytes: 10, dueAt: 100 });

describe('Exchange#abort()', () => {
  it('ends what is open at present, once, and nothing that was before', () => {
    const exchange = make();
    const [before, now] = [vi.fn<() => void>(), vi.fn<() => void>()];
    exchange.onAbort(before);
    exchange.onAbort(now);
    exchange.abort();
    exchange.abort();
    expect(before).not.toHaveBeenCalled();
    expect(now).toHaveBeenCalledTimes(1);
    expect([exchange.isAborted, exchange.isPending]).toEqual([true, false]);
  });

  it('ends nothing when nothing is open any more', () => {
    const exchange = make();
    const end = vi.fn<() => void>();
    exchange.onAbort(end);
    exchange.onAbort(undefined);
    exchange.abort();
    expect(end).not.toHaveBeenCalled();
  });

  it('ends at once what is opened too late', () => {
    const exchange = make();
    exchange.abort();
    const end = vi.fn<() => void>();
    exchange.onAbort(end);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('happens when its time is over, and that is over once', () => {
    const exchange = make();
    exchange.expire();
    expect(exchange.isAborted).toBe(true);
    expect(exchange.dueAt).toBe(Infinity);
  });
});

describe('untilSignal()', () => {
  it('ends what is open when the signal fires', () => {
    const controller = new AbortController();
    const until = untilSignal(controller.signal);
    const end = vi.fn<() => void>();
    until.onAbort(end);
    expect(until.isAborted).toBe(false);
    controller.abort();
    expect(end).toHaveBeenCalledTimes(1);
    expect(until.isAborted).toBe(true);
  });

  it('ends at once what is opened after the signal has fired', () => {
    const end = vi.fn<() => void>();
    untilSignal(AbortSignal.abort()).onAbort(end);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('leaves no listener when nothing is open any more, and one when something is', () => {
    const { signal } = new AbortController();
    const until = untilSignal(signal);
    until.onAbort(() => undefined);
    until.onAbort(() => undefined);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    until.onAbort(undefined);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
