import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LongCalls } from '../../../src/door/mcp/long-calls.ts';

describe('LongCalls', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function make(): { calls: LongCalls; told: string[]; begin: (name: string) => { onLong(): void } } {
    const told: string[] = [];
    const calls = new LongCalls(1000, () => Date.now());
    const begin = (name: string): { onLong(): void } => {
      const call = {
        onLong: () => {
          told.push(name);
        },
      };
      calls.add(call);
      return call;
    };
    return { calls, told, begin };
  }

  it('tells each call once, when it has taken so long, and no sooner', () => {
    const { told, begin } = make();
    begin('a');
    vi.advanceTimersByTime(600);
    begin('b');
    vi.advanceTimersByTime(399);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['a']);
    vi.advanceTimersByTime(599);
    expect(told).toEqual(['a']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['a', 'b']);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(['a', 'b']);
  });

  it('does not tell a call that ended before', () => {
    const { calls, told, begin } = make();
    const first = begin('a');
    begin('b');
    calls.delete(first);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['b']);
  });

  it('has one timer for all, and none once nobody waits', () => {
    const { begin } = make();
    for (let n = 0; n < 100; n += 1) begin(String(n));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
    begin('later');
    expect(vi.getTimerCount()).toBe(1);
  });
});
