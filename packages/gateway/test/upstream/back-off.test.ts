import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BackOff } from '../../src/upstream/back-off.ts';

function waitsAfter(failures: number): number {
  const backOff = new BackOff();
  for (let n = 0; n < failures; n += 1) {
    backOff.failed(1000);
  }
  return backOff.waitMs(1000);
}

describe('BackOff', () => {
  it('lets a server start at once before any failure, and after the first', () => {
    expect(waitsAfter(0)).toBe(0);
    expect(waitsAfter(1)).toBe(0);
  });

  it.each([
    [2, 500],
    [3, 1000],
    [4, 2000],
    [8, 32_000],
    [9, 60_000],
    [10, 60_000],
    [5000, 60_000],
  ])('after %i failures in a row waits %i ms', (failures, waitMs) => {
    expect(waitsAfter(failures)).toBe(waitMs);
  });

  it('counts the wait down', () => {
    const backOff = new BackOff();
    backOff.failed(0);
    backOff.failed(100);
    expect(backOff.waitMs(100)).toBe(500);
    expect(backOff.waitMs(599)).toBe(1);
    expect(backOff.waitMs(600)).toBe(0);
    expect(backOff.waitMs(10_000)).toBe(0);
  });

  it('ended() counts an end within ten seconds as one more failure', () => {
    const backOff = new BackOff();
    backOff.failed(0);
    backOff.ended(0, 9999);
    expect(backOff.waitMs(0)).toBe(500);
  });

  it('ended() forgets earlier failures when the server had run for ten seconds', () => {
    const backOff = new BackOff();
    for (let n = 0; n < 8; n += 1) {
      backOff.failed(0);
    }
    backOff.ended(100_000, 10_000);
    expect(backOff.waitMs(100_000)).toBe(0);
    backOff.failed(100_000);
    expect(backOff.waitMs(100_000)).toBe(500);
  });

  it('never waits longer than a minute, nor less than nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120_000)), fc.nat(10_000_000), (pauses, later) => {
        const backOff = new BackOff();
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          backOff.failed(now);
        }
        expect(backOff.waitMs(now)).toBeLessThanOrEqual(60_000);
        expect(backOff.waitMs(now + later)).toBeGreaterThanOrEqual(0);
        expect(backOff.waitMs(now + 60_000)).toBe(0);
      }),
    );
  });
});
