import { expect, it, vi } from 'vitest';
import { createLook } from '../../src/run/tidy-memory.ts';

function stage() {
  const state = { calls: 0, inFlight: 0 };
  const collect = vi.fn<() => void>();
  const look = createLook({
    calls: () => state.calls,
    inFlight: () => state.inFlight,
    quietLooks: 3,
    collect,
  });
  const looks = (times: number): void => {
    for (let n = 0; n < times; n += 1) look();
  };
  return { state, collect, looks };
}

it('createLook() collects once after work, when three looks saw no call', () => {
  const { state, collect, looks } = stage();
  state.calls = 5;
  looks(3);
  expect(collect).not.toHaveBeenCalled();
  looks(1);
  expect(collect).toHaveBeenCalledTimes(1);
  looks(100);
  expect(collect).toHaveBeenCalledTimes(1);
  state.calls += 1;
  looks(4);
  expect(collect).toHaveBeenCalledTimes(2);
});

it('createLook() never collects in a process that has not worked', () => {
  const { collect, looks } = stage();
  looks(100);
  expect(collect).not.toHaveBeenCalled();
});

it('createLook() does not collect while a call is under way, nor soon after', () => {
  const { state, collect, looks } = stage();
  state.calls = 1;
  state.inFlight = 1;
  looks(100);
  expect(collect).not.toHaveBeenCalled();
  state.inFlight = 0;
  looks(2);
  expect(collect).not.toHaveBeenCalled();
  looks(1);
  expect(collect).toHaveBeenCalledTimes(1);
});

it('createLook() waits on while calls come slowly', () => {
  const { state, collect, looks } = stage();
  for (let n = 0; n < 20; n += 1) {
    state.calls += 1;
    looks(2);
  }
  expect(collect).not.toHaveBeenCalled();
});
