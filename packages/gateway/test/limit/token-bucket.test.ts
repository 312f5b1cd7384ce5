import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRate, TokenBucket } from '../../src/limit/index.ts';
import { fakeClock } from './fake-clock.ts';

describe('TokenBucket', () => {
  it('admits the burst at once and refuses the next', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '60/min', burst: 3 }), clock.now);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(bucket.take()).toEqual({ ok: false, retryAfterMs: 1000 });
  });

  it('names the time after which the next call is admitted, and not a millisecond more', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '7/min', burst: 1 }), clock.now);
    bucket.take();
    const refused = bucket.take();
    // A minute has 60,000 ms, a seventh of it is 8,571.4.
    expect(refused).toEqual({ ok: false, retryAfterMs: 8572 });
    clock.advance(8571);
    expect(bucket.take()).toEqual({ ok: false, retryAfterMs: 1 });
    clock.advance(1);
    expect(bucket.take()).toEqual({ ok: true });
  });

  it('never holds more than the burst, however long nobody called', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '100/s', burst: 2 }), clock.now);
    clock.advance(3_600_000);
    expect([bucket.take().ok, bucket.take().ok, bucket.take().ok]).toEqual([true, true, false]);
  });

  it('gives no tokens when the clock jumps back, and goes on filling from there [A101]', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '1/s', burst: 1 }), clock.now);
    bucket.take();
    clock.advance(-3_600_000);
    expect(bucket.take()).toEqual({ ok: false, retryAfterMs: 1000 });
    clock.advance(999);
    expect(bucket.take().ok).toBe(false);
    clock.advance(1);
    expect(bucket.take().ok).toBe(true);
  });

  it('gives at most one burst when the clock jumps ahead [A101]', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '1/s', burst: 4 }), clock.now);
    for (let call = 0; call < 4; call += 1) bucket.take();
    clock.advance(Number.MAX_SAFE_INTEGER / 2);
    let admitted = 0;
    while (bucket.take().ok) admitted += 1;
    expect(admitted).toBe(4);
  });

  it('giveBack() returns one token and never fills beyond the burst', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '1/s', burst: 1 }), clock.now);
    bucket.take();
    bucket.giveBack();
    bucket.giveBack();
    expect([bucket.take().ok, bucket.take().ok]).toEqual([true, false]);
  });

  it('changeRate() keeps what was used', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '10/s' }), clock.now);
    for (let call = 0; call < 8; call += 1) bucket.take();
    bucket.changeRate(parseRate({ calls: '9/s' }));
    expect([bucket.take().ok, bucket.take().ok]).toEqual([true, false]);
    bucket.changeRate(parseRate({ calls: '11/s' }));
    expect([bucket.take().ok, bucket.take().ok, bucket.take().ok]).toEqual([true, true, false]);
  });

  it('full says when nothing is owed', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(parseRate({ calls: '1/s', burst: 2 }), clock.now);
    expect(bucket.full).toBe(true);
    bucket.take();
    expect(bucket.full).toBe(false);
    clock.advance(1000);
    expect(bucket.full).toBe(true);
  });

  it('never admits more than burst + rate * time, in any stretch of any history', () => {
    const step = fc.oneof(
      fc.record({ advance: fc.integer({ min: -5000, max: 5000 }) }),
      fc.record({ advance: fc.double({ min: 0, max: 3, noNaN: true }) }),
      fc.constant({ advance: 0 }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom('s', 'min', 'h'),
        fc.integer({ min: 1, max: 20 }),
        fc.array(step, { minLength: 1, maxLength: 200 }),
        (calls, unit, burst, steps) => {
          const clock = fakeClock();
          const rate = parseRate({ calls: `${calls}/${unit}`, burst });
          const bucket = new TokenBucket(rate, clock.now);
          // Time is what the clock moved forward; admissions carry the time at which they happened.
          let passedMs = 0;
          const admittedAt: number[] = [];
          for (const { advance } of steps) {
            clock.advance(advance);
            passedMs += Math.max(0, advance);
            if (bucket.take().ok) admittedAt.push(passedMs);
          }
          for (const [from, start] of admittedAt.entries()) {
            for (const [to, end] of admittedAt.entries()) {
              if (to < from) continue;
              expect(to - from + 1).toBeLessThanOrEqual(burst + rate.callsPerMs * (end - start) + 1e-6);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is not stricter than it says: after retryAfterMs a call that was refused is admitted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.constantFrom('s', 'min', 'h'),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }),
        (calls, unit, burst, pauses) => {
          const clock = fakeClock();
          const bucket = new TokenBucket(parseRate({ calls: `${calls}/${unit}`, burst }), clock.now);
          for (const pause of pauses) {
            clock.advance(pause);
            const result = bucket.take();
            if (result.ok) continue;
            clock.advance(result.retryAfterMs);
            expect(bucket.take()).toEqual({ ok: true });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
