import { DEFAULT_LIMITS, type LimitName } from '@smcp/sandbox';
import { expect, it } from 'vitest';
import { whyStopped } from '../../src/output/stopped.ts';
import { CONTEXT, makeOutcome } from './make-outcome.ts';

const why = (given: Parameters<typeof makeOutcome>[0], context = CONTEXT): string =>
  whyStopped(makeOutcome(given), context);

it('whyStopped() says how to get more time, as long as there is more', () => {
  expect(why({ status: 'timeout', usage: { wallMs: 5000 } })).toBe(
    'Timeout: execution exceeded 5s. Raise timeout (max 120), make independent calls at once with Promise.all, or do less in one script',
  );
  expect(why({ status: 'timeout', usage: { wallMs: 120_000 } }, { ...CONTEXT, timeoutSeconds: 120 })).toBe(
    'Timeout: execution exceeded 120s. Make independent calls at once with Promise.all, or do less in one script',
  );
});

it('whyStopped() tells processor time from waiting', () => {
  const text = why(
    { status: 'timeout', usage: { wallMs: 10_050, cpuMs: 10_000 } },
    { ...CONTEXT, timeoutSeconds: 30 },
  );
  expect(text).toMatch(/^Timeout: execution used more than 10s of processor time/);
});

it('whyStopped() says how much memory there is', () => {
  expect(why({ status: 'memory' })).toMatch(/^Memory: the script needed more than 64 MiB\. /);
});

it('whyStopped() says that calls may have been made by what was killed', () => {
  expect(why({ status: 'killed' })).toMatch(/^Stopped: .*may have been made$/);
});

it.each([
  ['calls', /more than 1000 calls/],
  ['parallelCalls', /more than 16 calls at once/],
  ['outputBytes', /1 MiB/],
  ['resultBytes', /larger than 8 MiB/],
  ['sourceBytes', /longer than 256 KiB/],
  ['callInputBytes', /arguments of a call are larger than 8 MiB/],
  ['callOutputBytes', /result of a call is larger than 8 MiB/],
] as const)('whyStopped() names the limit %s with its size and the remedy', (limit, words) => {
  const text = why({ status: 'limit', limit });
  expect(text).toMatch(/^Limit: /);
  expect(text).toMatch(words);
  expect(text).toMatch(/\. [A-Z]/);
});

it('whyStopped() has words for every limit', () => {
  for (const limit of Object.keys(DEFAULT_LIMITS) as LimitName[]) {
    expect(why({ status: 'limit', limit })).toMatch(/^Limit: .{10,}/);
  }
  expect(why({ status: 'limit' })).toBe('Limit: the script exceeded a limit');
});
