import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from '../../src/upstream/deadlines.ts';

interface Entry {
  dueAt: number;
  readonly expiredAt: number[];
  expire(): void;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** An entry that leaves when it is due, and one time after another if `again` says when. */
function entryIn(ms: number, deadlines: Deadlines<Entry>, again?: () => number): Entry {
  const entry: Entry = {
    dueAt: performance.now() + ms,
    expiredAt: [],
    expire: () => {
      entry.expiredAt.push(performance.now());
      if (again === undefined) deadlines.delete(entry);
      else entry.dueAt = again();
    },
  };
  deadlines.add(entry);
  return entry;
}

describe('Deadlines', () => {
  it('calls an entry when it is due, not before, and once', () => {
    const deadlines = new Deadlines<Entry>();
    const start = performance.now();
    const entry = entryIn(300, deadlines);
    vi.advanceTimersByTime(299);
    expect(entry.expiredAt).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(entry.expiredAt).toEqual([start + 300]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('needs one timer for any number of entries', () => {
    const deadlines = new Deadlines<Entry>();
    const entries = Array.from({ length: 1000 }, (_, n) => entryIn(1000 + n, deadlines));
    expect(vi.getTimerCount()).toBe(1);
    for (const entry of entries) deadlines.delete(entry);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is on time for an entry that comes later and is due earlier', () => {
    const deadlines = new Deadlines<Entry>();
    const start = performance.now();
    const late = entryIn(10_000, deadlines);
    vi.advanceTimersByTime(100);
    const early = entryIn(20, deadlines);
    vi.advanceTimersByTime(20_000);
    expect(early.expiredAt).toEqual([start + 120]);
    expect(late.expiredAt).toEqual([start + 10_000]);
  });

  it('calls no entry that has left', () => {
    const deadlines = new Deadlines<Entry>();
    const gone = entryIn(100, deadlines);
    const stays = entryIn(200, deadlines);
    deadlines.delete(gone);
    vi.advanceTimersByTime(1000);
    expect(gone.expiredAt).toEqual([]);
    expect(stays.expiredAt).toHaveLength(1);
  });

  it('waits for ever when an entry is due never, and counts again when it moves', () => {
    const deadlines = new Deadlines<Entry>();
    const entry = entryIn(100, deadlines);
    entry.dueAt = Infinity;
    vi.advanceTimersByTime(1_000_000);
    expect(entry.expiredAt).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    entry.dueAt = performance.now() + 30;
    deadlines.moved(entry);
    vi.advanceTimersByTime(30);
    expect(entry.expiredAt).toHaveLength(1);
  });

  it('calls an entry again that stays with a new deadline', () => {
    const deadlines = new Deadlines<Entry>();
    const start = performance.now();
    const entry = entryIn(100, deadlines, () => performance.now() + 100);
    vi.advanceTimersByTime(350);
    expect(entry.expiredAt).toEqual([start + 100, start + 200, start + 300]);
  });

  it('looks at everything at most every 50 ms, and is late by no more', () => {
    const deadlines = new Deadlines<Entry>();
    const start = performance.now();
    const entries = Array.from({ length: 200 }, (_, n) => entryIn(100 + n, deadlines));
    let timers = 0;
    for (let n = 0; n < 400; n += 1) {
      const before = entries.filter(({ expiredAt }) => expiredAt.length > 0).length;
      vi.advanceTimersByTime(1);
      timers += before === entries.filter(({ expiredAt }) => expiredAt.length > 0).length ? 0 : 1;
    }
    const late = entries.map(({ expiredAt }, n) => (expiredAt[0] ?? Infinity) - start - 100 - n);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(50);
    expect(timers).toBeLessThanOrEqual(6);
  });

  it('survives a deadline beyond what a timer can count', () => {
    const deadlines = new Deadlines<Entry>();
    const entry = entryIn(2 ** 40, deadlines);
    vi.advanceTimersByTime(1000);
    expect(entry.expiredAt).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('dispose() leaves no timer, and none comes afterwards', () => {
    const deadlines = new Deadlines<Entry>();
    const entry = entryIn(100, deadlines);
    deadlines[Symbol.dispose]();
    const late = entryIn(100, deadlines);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect([...entry.expiredAt, ...late.expiredAt]).toEqual([]);
  });
});
