import { describe, expect, it } from 'vitest';
import { createSteadyClock } from '../../src/identity/steady-clock.ts';
import { NOW_MS, Time } from './fixture.ts';

function open() {
  const time = new Time();
  return {
    time,
    now: createSteadyClock(
      () => time.wallMs,
      () => time.monotonicMs,
    ),
  };
}

describe('createSteadyClock()', () => {
  it('follows the wall clock', () => {
    const { time, now } = open();
    time.pass(1234);
    expect(now()).toBe(NOW_MS + 1234);
  });

  it('goes on when the wall clock is set back', () => {
    const { time, now } = open();
    time.pass(60_000);
    time.wallMs -= 3_600_000;
    expect(now()).toBe(NOW_MS + 60_000);
    time.pass(1000);
    expect(now()).toBe(NOW_MS + 61_000);
  });

  it('believes a wall clock that is ahead, as after sleep, and only as long', () => {
    const { time, now } = open();
    time.wallMs += 3_600_000;
    expect(now()).toBe(NOW_MS + 3_600_000);
    time.wallMs -= 3_600_000;
    expect(now()).toBe(NOW_MS);
  });

  it('counts in whole milliseconds, which is what a store of times takes', () => {
    const { time, now } = open();
    time.monotonicMs += 1000.75;
    expect(now()).toBe(NOW_MS + 1000);
  });

  it('is not a number when the wall clock is none', () => {
    const { time, now } = open();
    time.wallMs = Number.NaN;
    expect(now()).toBeNaN();
  });
});
