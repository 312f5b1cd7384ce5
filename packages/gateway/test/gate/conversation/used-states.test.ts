import { expect, it } from 'vitest';
import { UsedStates } from '../../../src/gate/conversation/used-states.ts';

it('UsedStates lets each state count once, for as long as it opens', () => {
  let now = 0;
  const used = new UsedStates(() => now, 1000);
  expect(used.isFirstUse('a')).toBe(true);
  now = 500;
  expect(used.isFirstUse('b')).toBe(true);
  expect(used.isFirstUse('a')).toBe(false);
  now = 999;
  expect(used.isFirstUse('a')).toBe(false);
  // A state opens no longer by then, so that forgetting it does no harm.
  now = 1000;
  expect(used.isFirstUse('a')).toBe(true);
  expect(used.isFirstUse('b')).toBe(false);
});

it('UsedStates refuses rather than forget when it is full', () => {
  const used = new UsedStates(() => 0, 1000);
  for (let n = 0; n < 20_000; n += 1) {
    used.isFirstUse(String(n));
  }
  expect(used.isFirstUse('one more')).toBe(false);
  expect(used.isFirstUse('0')).toBe(false);
});
