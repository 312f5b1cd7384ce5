import { describe, expect, it } from 'vitest';
import { WallClock } from '../../../src/engines/run/wall-clock.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

function started(budgetMs: number) {
  const clock = new ManualClock();
  const seen = { expired: 0 };
  const wall = new WallClock(clock, budgetMs, () => {
    seen.expired += 1;
  });
  return { clock, wall, seen };
}

describe('WallClock', () => {
  it('expires once, when the time is over', async () => {
    const { clock, seen } = started(100);
    await clock.advance(99);
    expect(seen.expired).toBe(0);
    await clock.advance(1);
    await clock.advance(1000);
    expect(seen.expired).toBe(1);
  });

  it('stands still while it is held', async () => {
    const { clock, wall, seen } = started(100);
    await clock.advance(60);
    const held = wall.hold();
    await clock.advance(10_000);
    expect([seen.expired, wall.countedMs, wall.elapsedMs]).toEqual([0, 60, 10_060]);
    held[Symbol.dispose]();
    await clock.advance(39);
    expect(seen.expired).toBe(0);
    await clock.advance(1);
    expect([seen.expired, wall.countedMs]).toEqual([1, 100]);
  });

  it('stands still until the last of several lets go', async () => {
    const { clock, wall, seen } = started(100);
    const [first, second] = [wall.hold(), wall.hold()];
    await clock.advance(500);
    first[Symbol.dispose]();
    await clock.advance(500);
    expect(seen.expired).toBe(0);
    second[Symbol.dispose]();
    await clock.advance(100);
    expect(seen.expired).toBe(1);
  });

  it('counts letting go twice only once', async () => {
    const { clock, wall, seen } = started(100);
    const [first, second] = [wall.hold(), wall.hold()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await clock.advance(500);
    expect(seen.expired).toBe(0);
    second[Symbol.dispose]();
    await clock.advance(100);
    expect(seen.expired).toBe(1);
  });

  it('never expires once it was stopped, also when somebody lets go later', async () => {
    const { clock, wall, seen } = started(100);
    const held = wall.hold();
    wall[Symbol.dispose]();
    held[Symbol.dispose]();
    await clock.advance(1000);
    expect([seen.expired, clock.timers]).toEqual([0, 0]);
  });
});
