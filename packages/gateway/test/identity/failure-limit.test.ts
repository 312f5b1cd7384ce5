import { describe, expect, it } from 'vitest';
import { FailureLimit } from '../../src/identity/failure-limit.ts';
import { Time } from './fixture.ts';

const MINUTE_MS = 60_000;

function open(calls = '3/min', burst?: number) {
  const time = new Time();
  const rate = burst === undefined ? { calls } : { calls, burst };
  return { time, limit: new FailureLimit(rate, () => time.monotonicMs) };
}

describe('FailureLimit', () => {
  it('lets a source fail as often as allowed and then says how long to wait', () => {
    const { limit } = open();
    for (let count = 0; count < 3; count += 1) {
      expect(limit.waitSeconds('a')).toBe(0);
      limit.fail('a');
    }
    expect(limit.waitSeconds('a')).toBe(20);
    expect(limit.waitSeconds('b')).toBe(0);
  });

  it('lets it fail once more when the time has passed, and not a millisecond earlier', () => {
    const { limit, time } = open();
    for (let count = 0; count < 3; count += 1) limit.fail('a');
    time.pass(19_999);
    expect(limit.waitSeconds('a')).toBe(1);
    time.pass(1);
    expect(limit.waitSeconds('a')).toBe(0);
    limit.fail('a');
    expect(limit.waitSeconds('a')).toBe(20);
  });

  it('owes nothing for failures beyond the limit', () => {
    const { limit } = open();
    for (let count = 0; count < 50; count += 1) limit.fail('a');
    expect(limit.waitSeconds('a')).toBe(20);
  });

  it('takes the burst as the number at once', () => {
    const { limit } = open('60/min', 1);
    limit.fail('a');
    expect(limit.waitSeconds('a')).toBe(1);
  });

  it('asking does not count', () => {
    const { limit } = open('1/h');
    for (let count = 0; count < 10; count += 1) expect(limit.waitSeconds('a')).toBe(0);
  });

  it('takes back a failure that was none, and no more than there were', () => {
    const { limit } = open('1/h');
    limit.fail('a');
    limit.forgive('a');
    limit.forgive('a');
    limit.forgive('never seen');
    expect(limit.waitSeconds('a')).toBe(0);
    limit.fail('a');
    expect(limit.waitSeconds('a')).toBeGreaterThanOrEqual(3600);
  });

  it('forgets a source that has rested', () => {
    const { limit, time } = open();
    limit.fail('a');
    expect(limit.size).toBe(1);
    time.pass(MINUTE_MS);
    limit.waitSeconds('a');
    expect(limit.size).toBe(0);
  });

  it('remembers at most 10,000 sources, the last ones', () => {
    const { limit } = open('1/h');
    for (let index = 0; index < 10_500; index += 1) limit.fail(`source-${index}`);
    expect(limit.size).toBe(10_000);
    expect(limit.waitSeconds('source-10499')).toBeGreaterThan(0);
    expect(limit.waitSeconds('source-500')).toBeGreaterThan(0);
    expect(limit.waitSeconds('source-499')).toBe(0);
  });

  it('keeps a source that goes on failing while others come and go', () => {
    const { limit } = open('1/h');
    for (let index = 0; index < 20_000; index += 1) {
      limit.fail(`source-${index}`);
      if (index % 5000 === 0) limit.fail('persistent');
    }
    expect(limit.waitSeconds('persistent')).toBeGreaterThan(0);
  });

  it('trusts a credential for ten minutes, from the same source only', () => {
    const { limit, time } = open();
    limit.trust('a', 'hash');
    expect(limit.isTrusted('a', 'hash')).toBe(true);
    expect(limit.isTrusted('b', 'hash')).toBe(false);
    expect(limit.isTrusted('a', 'other')).toBe(false);
    time.pass(10 * MINUTE_MS - 1);
    expect(limit.isTrusted('a', 'hash')).toBe(true);
    time.pass(1);
    expect(limit.isTrusted('a', 'hash')).toBe(false);
  });

  it('goes on trusting what goes on working', () => {
    const { limit, time } = open();
    for (let minute = 0; minute < 30; minute += 1) {
      limit.trust('a', 'hash');
      time.pass(MINUTE_MS);
    }
    expect(limit.isTrusted('a', 'hash')).toBe(true);
  });

  it('remembers at most 10,000 trusted pairs', () => {
    const { limit } = open();
    for (let index = 0; index < 10_001; index += 1) limit.trust('a', `hash-${index}`);
    expect(limit.size).toBe(10_000);
    expect(limit.isTrusted('a', 'hash-0')).toBe(false);
    expect(limit.isTrusted('a', 'hash-10000')).toBe(true);
  });

  it('keeps failures when the rate changes', () => {
    const { limit } = open('1/h');
    limit.fail('a');
    limit.changeRate({ calls: '1/min' });
    expect(limit.waitSeconds('a')).toBe(60);
  });

  it.each(['', '10', '10/day', '0/min', '-1/s', '1.5/s', '10/min '])('refuses the rate %j', (calls) => {
    expect(() => open(calls)).toThrow(SyntaxError);
  });
});
